import { type GoFunction, goFunction } from '../go-function.ts'
import { utf8 } from '../go-quote.ts'
import { adler32, sha1, sha256, sha512 } from './hashes.ts'

const hash = (run: (bytes: Uint8Array) => string) =>
  goFunction('string -> string', (text: string) => run(utf8(text)))

/** Sprig's checksums, in hexadecimal. */
export const hashFunctions: Readonly<Record<string, GoFunction>> = {
  sha1sum: hash(sha1),
  sha256sum: hash(sha256),
  sha512sum: hash(sha512),
  adler32sum: hash(adler32),
}
