import { type Access, accesses, type Role, roles } from './access.table.ts'

/** The text of docs/access.md. */
export function accessDocument(): string {
  const names = Object.keys(roles) as Role[]
  const rows = accesses.map((access) => {
    const cells = names.map((role) => cell(access, role))
    const path = access.path.replace(/\?.*/, '')
    return `| ${access.method} ${path} | ${cells.join(' | ')} |`
  })
  return `# Who may do what at Argo's API

Argo's API asks Kubernetes' roles, as whoever sends a request: nothing is allowed here that is not allowed to the same person by
kubectl. \`argosy auth explain VERB RESOURCE\` says who is let in by which binding, or why not.

${names.map((role) => `- **${role}**: ${roles[role]}`).join('\n')}

The table is a test (\`test/server/endpoints.test.ts\`): every endpoint is asked by each of them. ✓ is let in, 401 and 403 are
refused. In the paths \`w\` is a run, \`t\` a template or a schedule, in the namespace \`default\`.

| endpoint | ${names.join(' | ')} |
|---|${names.map(() => '---|').join('')}
${rows.join('\n')}

Linting needs no rights, as upstream: the server itself looks up the templates that a manifest names. An event is posted by whoever
may list the bindings, and what it starts is started as the sender.

## What steps may do

A step that speaks to the Kubernetes API does so as the ServiceAccount of its workflow or template (\`serviceAccountName\`, else
\`default\`), which may nothing until somebody binds a role to it. That is so for programs in containers and for \`resource\` and
\`http\` templates (Secrets in headers); a \`resource\` template acts as \`executor.serviceAccountName\` where there is one.

    kubectl create rolebinding steps --clusterrole=edit --serviceaccount=default:default

\`argosy run\` has no accounts: its resource templates may do everything in the cluster of that one run.
`
}

function cell(access: Access, role: Role): string {
  if (access.for.includes(role)) return '✓'
  return role === 'anonymous' ? String(access.unknown ?? 401) : '403'
}
