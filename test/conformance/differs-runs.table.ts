/** What somebody who runs the same in both will find different; part of `differences`. */
export const differencesOfRuns: readonly {
  readonly what: string
  readonly why: string
  readonly test: string
}[] = [
  {
    what: 'A global output of a DAG template is known when that DAG is over, and one that is found in a cache too; upstream tells it only when a DAG around it is over, in steps never',
    why: 'what is asked for by name should be there',
    test: 'test/golden/outputs.golden: a global output of a DAG is known when that DAG is over',
  },
  {
    what: 'Of a DAG’s loop whose items are found in the cache every item has its turn, also with an exit handler; upstream ends such a loop after the first item',
    why: 'its list of outputs would lack the others',
    test: 'test/golden/memoize.golden: items found in the cache all have their turn, and the loop its exit handler',
  },
  {
    what: 'A label that an expression of `workflowMetadata` gives is known to all steps; upstream forgets it after the first pass, and hands on the tag',
    why: 'nobody wants a tag',
    test: 'test/golden/metadata.golden: labels come from texts, from expressions, and from both into steps',
  },
  {
    what: '`workflowMetadata` with the name of a label or annotation that Kubernetes does not take is an Error; upstream tries for ever to write it',
    why: 'a workflow that can never go on should say so',
    test: 'test/golden/metadata.golden: nor a name that it does not take',
  },
  {
    what: 'When a workflow is stopped or terminated, what runs says `workflow shutdown with strategy:  Stop`, groups around it end, exit handlers beside a hook run, and `PodRunning` is False at the end; in upstream it depends on the moment whether the exit code of the pod takes the place of that message, whether groups stay Running, and which of the tasks after them have nodes',
    why: 'the same deed should have the same end',
    test: 'test/golden/people.golden: of groups that are stopped none is left running',
  },
  {
    what: 'An exit handler of a step of the entrypoint that cannot be given its inputs makes the workflow Failed with that message; upstream makes it an Error',
    why: 'so it is in upstream too for steps further down',
    test: 'test/golden/hooks.golden: an exit handler that lacks an input fails its steps',
  },
  {
    what: 'A `data` template whose artifact has only a key lists our repository at that key; upstream asks without a bucket and fails',
    why: 'so it is for every other artifact',
    test: 'packages/engine/src/workflow/own-program.test.ts: a data template lists where it says, else in the repository at its own key',
  },
  {
    what: 'A CronWorkflow that is wrong says so in its conditions (`SpecError`); upstream only logs it',
    why: 'nobody reads that log',
    test: 'packages/engine/src/cron/advance-cron.test.ts: nothing runs while the spec is wrong, and it is said once',
  },
  {
    what: 'The `when` of a CronWorkflow may speak of numbers and of single labels without an expression (`{{cronworkflow.succeeded}} < 2`); upstream cannot put them into the text',
    why: 'there is only one meaning',
    test: 'packages/engine/src/cron/cron-conditions.test.ts: a tag of when may be a number or a label',
  },
  {
    what: 'A retried step of a workflow that is resubmitted with `--memoized` does not run again when it has succeeded; upstream runs another attempt',
    why: 'to be memoized is what was asked for',
    test: 'packages/engine/src/workflow/operations/going-on.test.ts: what succeeded at its second attempt does not run again when the workflow is resubmitted',
  },
  {
    what: 'What is not at the key of an artifact is told with that key, whatever the store; upstream gives the words of the store’s client',
    why: 'one has to find it',
    test: 'packages/executor/src/stage.test.ts: optional artifacts may be absent, others are named',
  },
]
