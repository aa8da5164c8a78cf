import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { goldenCases, report } from './golden-case.ts'

// Writes what is said now into golden/*.golden; read the diff before you commit it.
const folder = new URL('./golden/', import.meta.url)
for (const file of readdirSync(folder)) {
  const url = new URL(file, folder)
  const cases = goldenCases(readFileSync(url, 'utf8')).map((golden) => {
    const mode = golden.mode === 'lint' ? ' [lint]' : ''
    return `== ${golden.name}${mode}\n${golden.text.trimEnd()}\n->\n${report(golden).join('\n')}\n`
  })
  writeFileSync(url, cases.join('\n'))
}
