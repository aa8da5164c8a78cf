import { writeFileSync } from 'node:fs'
import { page, reference } from './reference.ts'

// Renews docs/cli.md.
writeFileSync(page, await reference())
