import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Cli } from './cli.ts'

describe.each(['kubernetes', 'argo'] as const)('by the API of %s', (way) => {
  let cli: Cli

  beforeAll(async () => {
    cli = await Cli.open(way)
    const file = await cli.place.file('kept.json', kept())
    await cli.says(['submit', file, '--wait'])
  })
  afterAll(() => cli[Symbol.asyncDispose]())

  /** One file as it is, one as upstream's default archive. */
  function kept(): string {
    const artifact = (name: string, more: object) => ({
      ...{ name, path: cli.place.path(`${name}.txt`) },
      ...more,
    })
    const command = [
      'sh',
      '-c',
      `echo plain > ${cli.place.path('plain.txt')}; echo packed > ${cli.place.path('packed.txt')}`,
    ]
    return JSON.stringify({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Workflow',
      metadata: { name: 'kept' },
      spec: {
        entrypoint: 'main',
        templates: [
          {
            name: 'main',
            container: { image: 'alpine', command },
            outputs: {
              artifacts: [artifact('plain', { archive: { none: {} } }), artifact('packed', {})],
            },
          },
        ],
      },
    })
  }

  const data = () => ['--data-dir', cli.place.path('data')]

  it('copies what its nodes have kept, each into a folder of its own', async () => {
    const out = cli.place.path('out')
    const said = await cli.says(['cp', 'kept', out, ...data()])
    expect(said.trimEnd().split('\n')).toHaveLength(2)
    expect(await readFile(`${out}/default/kept/kept/outputs/plain/plain.txt`, 'utf8')).toBe(
      'plain\n',
    )
    const packed = await readFile(`${out}/default/kept/kept/outputs/packed/packed.tgz`)
    expect([...packed.subarray(0, 2)]).toEqual([0x1f, 0x8b])
  })

  it('copies only what is asked for, to where it is asked to', async () => {
    const out = cli.place.path('some')
    const wanted = ['--artifact-name', 'plain', '--path', '{templateName}/{artifactName}']
    expect(await cli.says(['cp', '@latest', out, ...wanted, ...data()])).toBe(
      `Created ${JSON.stringify(`${out}/main/plain/plain.txt`)}\n`,
    )
    expect(await cli.says(['cp', 'kept', out, '--node-id', 'other', ...data()])).toBe('')
  })

  it('says what is wrong', async () => {
    const out = cli.place.path('none')
    expect(await cli.run(['cp', 'nobody', out, ...data()])).toMatchObject({
      code: 1,
      stderr: /workflows\.argoproj\.io "nobody" not found/,
    })
    expect(await cli.run(['cp', 'kept', out, '--path', '../..', ...data()])).toMatchObject({
      code: 1,
      stderr: /--path leads out of/,
    })
    if (way === 'argo') return
    const elsewhere = ['--data-dir', cli.place.path('elsewhere')]
    expect(await cli.run(['cp', 'kept', out, ...elsewhere])).toMatchObject({
      code: 1,
      stderr: /artifact plain of node kept is not there \(.*--data-dir\)/,
    })
  })
})
