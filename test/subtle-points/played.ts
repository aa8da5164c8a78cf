import type { Play, PlayOptions } from '../../packages/engine/src/workflow/testing/play.ts'
import { goldenCase, type Want } from '../golden/golden-file.ts'
import { playGolden } from '../golden/play-golden.ts'
import { told } from '../golden/told.ts'

const image = { image: 'i', command: ['c'] }
const shared = {
  T: {
    pod: { container: image },
    saves: {
      container: image,
      outputs: { parameters: [{ name: 'v', valueFrom: { path: '/v' } }] },
    },
    tells: { script: { image: 'i', command: ['sh'], source: 'echo' } },
    echo: {
      inputs: { parameters: [{ name: 'x' }] },
      container: { ...image, args: ['{{inputs.parameters.x}}'] },
    },
    kind: {
      inputs: { parameters: [{ name: 'x', default: 'own' }] },
      container: { ...image, args: ['{{inputs.parameters.x}}'] },
    },
    server: { daemon: true, container: image },
    rest: { suspend: {} },
  },
}

/** A workflow and the history of its pods, written as in test/golden, played to its end. */
export function played(text: string, more: Partial<PlayOptions> = {}): Ended {
  return new Ended(playGolden(goldenCase(`\n${text}\n-> ?`, 'subtle points', shared), more))
}

/** How a play ended, in the words of test/golden. */
export class Ended {
  readonly play: Play

  constructor(play: Play) {
    this.play = play
  }

  get end(): string {
    return this.#told({ end: '', facts: {}, nodes: {} }).end
  }

  /** `Type Phase: message`; undefined when there is no such node. */
  line(name: string): string | undefined {
    return this.#told(asking(name)).nodes[name]?.line
  }

  fact(name: string, path: string): string | undefined {
    return this.#told(asking(name, { [path]: '' })).nodes[name]?.facts[path]
  }

  /** Of the workflow itself. */
  whole(path: string): string | undefined {
    return this.#told({ end: '', facts: { [path]: '' }, nodes: {} }).facts[path]
  }

  #told(want: Want): Want {
    return told(this.play, want)
  }
}

function asking(name: string, facts: Want['facts'] = {}): Want {
  return { end: '', facts: {}, nodes: { [name]: { line: '', facts } } }
}
