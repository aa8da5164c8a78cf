import { expect, test } from 'vitest'
import { lateStartError, startErrorOf } from './start-error.ts'

test.each([
  [
    'failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "x": executable file not found in $PATH: unknown',
    'exec: "x": executable file not found in $PATH',
  ],
  [
    'failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "x": permission denied: unknown',
    'exec: "x": permission denied',
  ],
  [
    'OCI runtime exec failed: exec failed: unable to start container process: exec: "x": executable file not found in $PATH: unknown\r\n',
    'exec: "x": executable file not found in $PATH',
  ],
  [
    'invalid mount config for type "bind": bind source path does not exist: /none',
    'invalid mount config for type "bind": bind source path does not exist: /none',
  ],
])('the words of the engine %# are those of a kubelet', (said, want) => {
  expect(startErrorOf(said)).toBe(want)
})

test.each([
  [
    127,
    '[FATAL tini (7)] exec x failed: No such file or directory\n',
    'exec: "x": executable file not found in $PATH',
  ],
  [
    127,
    '[FATAL tini (7)] exec /a/x failed: No such file or directory\n',
    'exec: "/a/x": stat /a/x: no such file or directory',
  ],
  [126, '[FATAL tini (7)] exec /x failed: Permission denied\n', 'exec: "/x": permission denied'],
  [
    1,
    'exec /sbin/docker-init: argument list too long\n',
    'exec /sbin/docker-init: argument list too long',
  ],
  [255, 'exec /x: exec format error\n', 'exec /x: exec format error'],
])(
  'a program that could not be started late is told from one that failed: %s %s',
  (code, said, want) => {
    expect(lateStartError(code, said)).toBe(want)
  },
)

test.each([
  [3, '[FATAL tini (7)] exec x failed: No such file or directory\n'],
  [127, 'sh: x: not found\n'],
  [127, 'more\n[FATAL tini (7)] exec x failed: No such file or directory\nmore\n'],
  [1, 'exec x: something else\n'],
  [0, ''],
])('what a program says itself is no start error: %s %s', (code, said) => {
  expect(lateStartError(code, said)).toBeUndefined()
})
