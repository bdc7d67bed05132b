import net from 'node:net'

// A mail server that takes everything, and what each mail said.
export function mailServer(port = 0) {
  const mails = []
  const server = net.createServer((socket) => {
    let text = ''
    let mail = null
    socket.on('error', () => {})
    socket.write('220 here\r\n')
    socket.on('data', (part) => {
      text += part
      for (let end; (end = text.indexOf('\r\n')) >= 0; ) {
        const line = text.slice(0, end)
        text = text.slice(end + 2)
        if (mail !== null) {
          if (line === '.') {
            mails.push(mail)
            mail = null
            socket.write('250 taken\r\n')
          } else mail += line + '\n'
        } else if (/^DATA/i.test(line)) {
          mail = ''
          socket.write('354 go on\r\n')
        } else if (/^QUIT/i.test(line)) socket.end('221 bye\r\n')
        else socket.write('250 ok\r\n')
      }
    })
  })
  return new Promise((ready) => server.listen(port, '127.0.0.1', () => ready({ mails, url: `smtp://127.0.0.1:${server.address().port}`, server })))
}
