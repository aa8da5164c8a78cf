import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Bare repositories, made ready to be fetched as plain files. */
export async function repositories(folder: string): Promise<string> {
  const at = join(folder, 'repositories')
  for (const [name, { files, marks }] of Object.entries(sources)) {
    const work = join(folder, 'work', name)
    for (const [path, text] of Object.entries(files)) {
      await mkdir(join(work, path, '..'), { recursive: true })
      await writeFile(join(work, path), text)
    }
    const bare = join(at, name)
    const git = (...words: readonly string[]) =>
      run('git', ['-c', 'user.name=n', '-c', 'user.email=e@f', ...words], { cwd: work })
    await git('init', '-q', '-b', 'master')
    await git('add', '-A')
    await git('commit', '-q', '-m', 'all')
    for (const mark of marks) await git('tag', mark)
    await git('clone', '-q', '--bare', '.', bare)
    await run('git', ['update-server-info'], { cwd: bare })
  }
  return at
}

const hello = `package main

import "fmt"

func main() { fmt.Println("Hello, Go examples!") }
`
/** Counts the lines that it is given. Without net/http, which takes minutes to compile. */
const influx = `package main

import (
	"fmt"
	"io"
	"net"
	"strings"
)

func main() {
	listener, err := net.Listen("tcp", ":8086")
	if err != nil {
		panic(err)
	}
	for lines := 0; ; {
		c, _ := listener.Accept()
		asked := make([]byte, 65536)
		n, _ := c.Read(asked)
		if strings.HasPrefix(string(asked[:n]), "POST /write") {
			lines++
		}
		answer := fmt.Sprintf("%d lines\\n", lines)
		fmt.Fprintf(c, "HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\nConnection: close\\r\\n\\r\\n%s", len(answer), answer)
		c.(*net.TCPConn).CloseWrite()
		io.Copy(io.Discard, c)
		c.Close()
	}
}
`

const goTest = (name: string) =>
  `package ${name}\n\nimport "testing"\n\nfunc TestAll(t *testing.T) {}\n`

const goModule = (name: string) => `module ${name}\n\ngo 1.18\n`

const sources: Readonly<
  Record<
    string,
    { readonly files: Readonly<Record<string, string>>; readonly marks: readonly string[] }
  >
> = {
  'argoproj/argo-workflows.git': { files: { VERSION: '2.1.1\n' }, marks: ['v2.1.1'] },
  'golang/example.git': {
    files: { 'hello/hello.go': hello, 'hello/go.mod': goModule('hello') },
    marks: ['cfe12d6'],
  },
  'influxdata/influxdb.git': {
    files: {
      'go.mod': goModule('github.com/influxdata/influxdb'),
      'cmd/influxd/main.go': influx,
      'query/query_test.go': goTest('query'),
      'tsdb/engine/tsm1/tsm1_test.go': goTest('tsm1'),
    },
    marks: ['1.6'],
  },
}

/** A file of a repository, as git asks for it. */
export async function fileIn(folder: string, path: string): Promise<Buffer | undefined> {
  return readFile(join(folder, path)).catch(() => undefined)
}
