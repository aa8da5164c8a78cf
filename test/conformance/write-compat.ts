import { writeFileSync } from 'node:fs'
import { compat } from './compat.ts'
import { absent, present } from './documents.ts'

// Writes docs/compat.md; read the diff before you commit it.
if (!present) throw new Error(absent)
writeFileSync(new URL('../../docs/compat.md', import.meta.url), compat())
