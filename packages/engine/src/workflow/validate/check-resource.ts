import { isObject, type JsonObject } from '../../spec/json.ts'
import { isPlaceholder } from './check.ts'
import { complain, type TemplateCheck } from './template-check.ts'

const actions = ['get', 'create', 'apply', 'delete', 'replace', 'patch']

/** A template that makes, changes or reads a Kubernetes object. */
export function checkResource(of: TemplateCheck, resource: JsonObject): void {
  const { title } = of
  const action = String(resource['action'] ?? '')
  if (!isPlaceholder(action) && !actions.includes(action)) {
    const text = `${title}.resource.action must be one of: ${actions.join(', ')}`
    complain(of, '.resource.action', text)
  }
  if (action === 'delete' || action === 'get') return
  const manifest = String(resource['manifest'] ?? '')
  const from = resource['manifestFrom']
  if (manifest === '' && !from) {
    const text = `either ${title}.resource.manifest or ${title}.resource.manifestFrom must be specified`
    complain(of, '.resource', text)
  }
  if (manifest !== '' && from) {
    const text =
      "shouldn't have both `manifest` and `manifestFrom` specified in `Manifest` for resource template"
    complain(of, '.resource.manifestFrom', text)
  }
  checkManifestFrom(of, from)
  checkManifest(of, manifest)
}

function checkManifestFrom(of: TemplateCheck, from: unknown): void {
  const artifact = isObject(from) ? from['artifact'] : undefined
  if (!isObject(artifact)) return
  const name = String(artifact['name'] ?? '')
  if (of.template.inputs?.artifacts?.some((each) => each.name === name)) return
  const text = `artifact ${name} in \`manifestFrom\` refer to a non-exist artifact`
  complain(of, '.resource.manifestFrom.artifact', text)
}

function checkManifest(of: TemplateCheck, manifest: string): void {
  const { isYaml } = of.check.world
  if (manifest === '' || isPlaceholder(manifest) || !isYaml) return
  // An expression is not YAML before it has a value.
  const masked = manifest.replaceAll(/\{\{\s*=\s*.+?\s*\}\}/g, 'x')
  if (isYaml(masked)) return
  complain(of, '.resource.manifest', `${of.title}.resource.manifest must be a valid yaml`)
}
