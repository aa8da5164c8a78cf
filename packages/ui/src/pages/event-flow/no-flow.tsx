import { Blank } from '../../parts/blank.tsx'
import { ScrollText } from '../../parts/scroll-text.tsx'

const example = (namespace: string) => `kubectl apply -f - <<EOF
apiVersion: argoproj.io/v1alpha1
kind: WorkflowEventBinding
metadata:
  name: on-push
  namespace: ${namespace || 'default'}
spec:
  event:
    selector: discriminator == "push" && payload.branch != ""
  submit:
    workflowTemplateRef:
      name: my-template
    arguments:
      parameters:
        - name: branch
          valueFrom:
            event: payload.branch
EOF`

/** Instead of an empty picture. */
export function NoFlow({ namespace }: { readonly namespace: string }) {
  return (
    <Blank title={namespace ? `No events flow in ${namespace} yet` : 'No events flow here yet'}>
      <p>
        An event binding starts a run of a template whenever something that it means is posted to
        /api/v1/events. Make one, and try it from here:
      </p>
      <ScrollText look="code" label="Command">
        {example(namespace)}
      </ScrollText>
      <p>
        Event sources and sensors of Argo Events are shown too, but Argosy does not run them yet.
      </p>
    </Blank>
  )
}
