import { describe, expect, it } from 'vitest'
import { podThat } from './scene.fixture.ts'
import { WaitingLines } from './waiting-lines.ts'

const big = podThat({ containers: [{ name: 'm', resources: { requests: { cpu: '9' } } }] })
const plain = podThat()

function shown(lines: WaitingLines, take: Parameters<WaitingLines['each']>[0]): readonly string[] {
  const seen: string[] = []
  lines.each((key) => {
    seen.push(key)
    return take(key)
  })
  return seen
}

describe('pods that wait for a node', () => {
  const lines = () => {
    const made = new WaitingLines()
    for (const [index, pod] of [plain, big, plain, big, plain].entries()) made.add(`${index}`, pod)
    return made
  }

  it('are looked at in the order of their coming, whatever they ask for', () => {
    expect(shown(lines(), () => 'skip')).toEqual(['0', '1', '2', '3', '4'])
  })

  it('are not looked at when one that asks for the same was in vain', () => {
    const close = (key: string) => (key === '1' ? 'close' : 'skip')
    expect(shown(lines(), close)).toEqual(['0', '1', '2', '4'])
  })

  it('are gone once taken', () => {
    const some = lines()
    shown(some, (key) => {
      some.delete(key)
      return 'taken'
    })
    expect(shown(some, () => 'skip')).toEqual([])
  })

  it('keep their place when they are told again, and lose it when they ask for something else', () => {
    const some = lines()
    some.add('0', plain)
    some.add('1', plain)
    expect(shown(some, () => 'skip')).toEqual(['0', '2', '3', '4', '1'])
    expect(shown(some, (key) => (key === '0' ? 'close' : 'skip'))).toEqual(['0', '3'])
  })
})
