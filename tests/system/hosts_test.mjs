// The site answers to its own name. Once an operator has said what people type, other names are refused (421), while probes
// that ask by address or as localhost, as Kubernetes and load balancers do, go on.
import { sendBytes } from './lib/client.mjs'
import { check, finish, freePort, freshFolder, Server } from './support/tuition.mjs'

const probes = ['/health', '/healthz', '/livez', '/readyz', '/metrics']

async function serving(env) {
  const port = await freePort()
  const server = new Server({ data: freshFolder(), port, env })
  await server.ready()
  const status = async (host, path = '/api/plans') =>
    Number((await sendBytes(port, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)).slice(9, 12))
  return { server, status, port }
}

{
  const { server, status, port } = await serving({ TUITION_SITE_BASE_URL: 'https://School.example:8443' })
  check((await status('school.example')) === 200 && (await status('school.example:8443')) === 200, 'the host of site.base_url is answered')
  for (const host of ['evil.example', 'www.school.example', 'school.example.evil.example', 'localhost.evil.example']) {
    for (const path of ['/api/plans', '/', '/health', '/nothing'])
      check((await status(host, path)) === 421, `${host}${path} is refused`)
  }
  check((await status('evil.example', 'http://evil.example/api/plans')) === 421, 'so is one in the request line')
  for (const path of probes)
    for (const host of [`127.0.0.1:${port}`, '10.1.2.3', '[::1]:8080', 'localhost'])
      check((await status(host, path)) === 200, `a probe of ${path} as ${host} is answered`)
  await server.kill('SIGTERM')
}
for (const [env, says] of [
  [{}, 'nobody said what people type'],
  [{ TUITION_SITE_BASE_URL: 'https://school.example', TUITION_HTTP_HOSTS: '*' }, 'http.hosts is *'],
]) {
  const { server, status } = await serving(env)
  check((await status('any.example')) === 200, `every name is answered where ${says}`)
  await server.kill('SIGTERM')
}
{
  const { server, status } = await serving({ TUITION_SITE_BASE_URL: 'https://school.example', TUITION_HTTP_HOSTS: 'a.example,b.example' })
  check((await status('b.example')) === 200 && (await status('school.example')) === 421, 'a list of names is the whole list')
  await server.kill('SIGTERM')
}
{
  const port = await freePort()
  const server = new Server({ verb: 'dev', data: freshFolder() + '/data', port })
  await server.ready()
  const status = async (host) => Number((await sendBytes(port, `GET /api/plans HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)).slice(9, 12))
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, '[::1]', 'school.localhost'])
    check((await status(host)) === 200, `dev answers as ${host}`)
  for (const host of ['evil.example', `rebound.example:${port}`, 'localhost.evil.example', 'notlocalhost'])
    check((await status(host)) === 421, `dev refuses to be ${host}`)
  await server.kill('SIGTERM')
}
finish()
