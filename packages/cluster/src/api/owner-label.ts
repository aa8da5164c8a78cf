/** Labels that say whose an object is: of each value there are few, and controllers ask for them all the time. */
const labels = ['cron-workflow', 'workflow-template', 'cluster-workflow-template', 'workflow']

const clause = new RegExp(
  `(?:^|,)\\s*(workflows\\.argoproj\\.io/(?:${labels.join('|')}))\\s*==?\\s*([\\w.-]+)\\s*(?=,|$)`,
)

/** Such a label that a selector wants to have one value; whatever else the selector wants remains to be tested. */
export function ownerLabelIn(
  selector: string,
): { readonly label: string; readonly value: string } | undefined {
  const [, label, value] = clause.exec(selector) ?? []
  return label !== undefined && value !== undefined ? { label, value } : undefined
}
