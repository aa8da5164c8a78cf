import { settledRss } from './rss.ts'

/** Node alone. */
process.stdout.write(JSON.stringify({ rssMb: await settledRss() }))
