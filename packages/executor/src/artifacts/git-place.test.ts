import { expect, test } from 'vitest'
import { gitPlace } from './git-place.ts'

const find = async (host: string) => (host === 'gitea' ? ['127.10.0.9'] : undefined)

test.each([
  ['http://gitea/a/b.git', ['http.curloptResolve=gitea:80:127.10.0.9']],
  ['https://me@gitea:3000/a.git', ['http.curloptResolve=gitea:3000:127.10.0.9']],
  ['git://gitea/a.git', ['url.git://127.10.0.9/.insteadOf=git://gitea/']],
  ['https://github.com/a/b.git', []],
  ['/srv/gitea', []],
  ['gitea', []],
])('%s', async (repo, config) => {
  expect(await gitPlace(repo, find)).toEqual({ config })
})

test.each(['git@gitea:a/b.git', 'ssh://git@gitea:2222/a/b.git'])('%s', async (repo) => {
  const { ssh } = await gitPlace(repo, find)
  expect(ssh).toBe('Host gitea\n  HostName 127.10.0.9\n  HostKeyAlias gitea\n')
})
