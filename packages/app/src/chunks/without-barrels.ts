import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const { resolve } = createRequire(import.meta.url)

/**
 * The same source, with what it imports of our packages taken from the files that have it instead of from an index. A chunk
 * holds what the same entries reach, and through an index each of them reaches everything.
 */
export function withoutBarrels(text: string): string {
  return text.replace(
    /^(import|export) \{([^}]*)\} from '(@argosy\/[^']+)'$/gm,
    (_, keyword: string, list: string, from: string) => {
      const places = placesIn(resolve(from))
      return namesOf(list)
        .map(([name, as]) => {
          const place = places.get(name)
          if (!place) throw new Error(`${from} has no ${name}`)
          return `${keyword} { ${place.name} as ${as} } from ${JSON.stringify(place.file)}`
        })
        .join(';')
    },
  )
}

interface Place {
  readonly file: string
  readonly name: string
}

const known = new Map<string, ReadonlyMap<string, Place>>()

/** Where an index takes its names from; those that it has itself are at home there. */
function placesIn(index: string): ReadonlyMap<string, Place> {
  const found = known.get(index)
  if (found) return found
  const text = readFileSync(index, 'utf8')
  const own = [...text.matchAll(/^export (?:async )?(?:function|const|class) (\w+)/gm)]
  const passed = [...text.matchAll(/^export \{([^}]*)\} from '([^']+)'$/gm)]
  const places = new Map<string, Place>([
    ...own.map(([, name = '']) => [name, { file: index, name }] as const),
    ...passed.flatMap(([, list = '', from = '']) =>
      namesOf(list).map(([name, as]) => [as, { file: join(dirname(index), from), name }] as const),
    ),
  ])
  known.set(index, places)
  return places
}

/** What is in the braces and no type, as it is called there and here. */
function namesOf(list: string): readonly (readonly [string, string])[] {
  return list
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '' && !part.startsWith('type '))
    .map((part) => {
      const [name = '', as = name] = part.split(' as ')
      return [name, as] as const
    })
}
