import { type Found, isObject, type KubeObject, type Repositories } from '@argosy/engine'
import { parseYaml } from '@argosy/kube'
import { controllerConfigName } from './controller-config.ts'
import { controllerNamespace } from './controller-namespace.ts'

export interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>
}

const defaultKey = 'workflows.argoproj.io/default-artifact-repository'

/** Artifact repositories as ConfigMaps describe them: users' own, and the controller's. */
export function repositoriesIn(
  find: (name: string, namespace: string) => ConfigMap | undefined,
): Repositories {
  return {
    namespace: controllerNamespace,
    entry: ({ namespace, configMap, key: wanted }) => {
      const found = find(configMap, namespace)
      const key = wanted ?? found?.metadata.annotations?.[defaultKey] ?? ''
      const text = found?.data?.[key]
      return text === undefined ? undefined : { ...read(text, `config map key "${key}"`), key }
    },
    fallback: () => {
      const { artifactRepository, config } =
        find(controllerConfigName, controllerNamespace)?.data ?? {}
      if (artifactRepository !== undefined) {
        return read(artifactRepository, `${controllerConfigName}: artifactRepository`)
      }
      return config === undefined ? undefined : inWhole(config)
    },
  }
}

/** All of the controller's configuration may stand in one key. */
function inWhole(text: string): Found | undefined {
  const whole = read(text, `${controllerConfigName}: config`)
  if (whole.problem !== undefined) return whole
  const repository = whole.repository?.['artifactRepository']
  return isObject(repository) ? { repository } : undefined
}

function read(text: string, where: string): Found {
  const read = parseYaml(text)
  if ('problem' in read) return { problem: `failed to read ${where}: ${read.problem}` }
  if (isObject(read.value)) return { repository: read.value }
  return { problem: `failed to read ${where}: expected a mapping with s3, gcs or another backend` }
}
