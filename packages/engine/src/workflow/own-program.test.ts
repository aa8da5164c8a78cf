import { expect, test } from 'vitest'
import type { ArtifactLocation, Template } from '../spec/workflow.ts'
import { ownPlan } from './own-program.ts'

const archive: ArtifactLocation = { s3: { endpoint: 'e', bucket: 'ours', key: 'wf/pod' } }

function listed(s3: Record<string, string>, place = archive): unknown {
  const source = { artifactPaths: { name: 'a', s3 } }
  const template: Template = { name: 't', data: { source, transformation: [] } }
  return ownPlan(template, place).data?.['source']
}

test('a data template lists where it says, else in the repository at its own key', () => {
  const whole = { endpoint: 'f', bucket: 'b', key: 'k' }
  expect(listed(whole)).toEqual({ artifactPaths: { name: 'a', s3: whole } })
  expect(listed({ key: 'k' })).toEqual({
    artifactPaths: { name: 'a', s3: { endpoint: 'e', bucket: 'ours', key: 'k' } },
  })
})

test('without a key it is the whole bucket of the repository', () => {
  expect(listed({ bucket: 'b' })).toEqual({
    artifactPaths: { name: 'a', s3: { endpoint: 'e', bucket: 'ours', key: '' } },
  })
})

test('the folder of this machine is not listed as a whole', () => {
  const s3 = { bucket: 'b' }
  expect(listed(s3, { disk: { key: 'wf/pod' } })).toEqual({ artifactPaths: { name: 'a', s3 } })
})
