// Text that would do harm where it were taken for markup, script, a template or a formula.
export const harmful = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'><svg/onload=alert(1)>",
  '<iframe srcdoc="<script>parent.alert(1)</script>">',
  '<a href="javascript:alert(1)">x</a>',
  '{{constructor.constructor("alert(1)")()}}',
  '${alert(1)}',
  '</title><script>alert(1)</script>',
  '<math><mtext></table><img src=x onerror=alert(1)>',
  '=HYPERLINK("https://evil.example")',
]

// What is wrong with a page or a part of one in which such texts stand; empty when they are only ever text.
export function taken(html) {
  const wrong = harmful.filter((text) => text.includes('<') && html.includes(text)).map((text) => `holds ${text} as it is`)
  for (const [tag] of html.matchAll(/<[a-z][^>]*>/gi)) {
    const names = tag.replace(/"[^"]*"|'[^']*'/g, '""')
    if (/[\s/"](on\w+|srcdoc)\s*=/i.test(names) || /[\s/"](href|src|action|formaction)\s*=\s*["']?\s*javascript:/i.test(tag) || /^<(script\b(?![^>]*\bsrc="\/)|iframe|math|object)/i.test(tag)) wrong.push(`has the tag ${tag.slice(0, 200)}`)
  }
  return wrong
}
