/** The types of event sources, by upstream's keys in `spec`, with the words that people know them by. */
export const eventSourceTypes: Readonly<Record<string, string>> = {
  amqp: 'AMQP',
  azureEventsHub: 'Azure Event Hubs',
  azureQueueStorage: 'Azure Queue Storage',
  azureServiceBus: 'Azure Service Bus',
  bitbucket: 'Bitbucket',
  bitbucketserver: 'Bitbucket Server',
  calendar: 'Calendar',
  emitter: 'Emitter',
  file: 'File',
  generic: 'Generic',
  gerrit: 'Gerrit',
  github: 'GitHub',
  gitlab: 'GitLab',
  hdfs: 'HDFS',
  kafka: 'Kafka',
  minio: 'MinIO',
  mns: 'Alibaba MNS',
  mqtt: 'MQTT',
  nats: 'NATS',
  nsq: 'NSQ',
  pubSub: 'Google Pub/Sub',
  pulsar: 'Pulsar',
  redis: 'Redis',
  redisStream: 'Redis stream',
  resource: 'Kubernetes resource',
  sftp: 'SFTP',
  slack: 'Slack',
  sns: 'AWS SNS',
  sqs: 'AWS SQS',
  storageGrid: 'StorageGRID',
  stripe: 'Stripe',
  webhook: 'Webhook',
}

/** What a sensor can do, in the order in which upstream looks for it: the first one that is set wins. */
export const triggerTypes: Readonly<Record<string, string>> = {
  k8s: 'Kubernetes',
  argoWorkflow: 'Workflow',
  http: 'HTTP',
  awsLambda: 'AWS Lambda',
  azureEventHubs: 'Azure Event Hubs',
  azureServiceBus: 'Azure Service Bus',
  kafka: 'Kafka',
  pulsar: 'Pulsar',
  nats: 'NATS',
  slack: 'Slack',
  openWhisk: 'OpenWhisk',
  custom: 'Custom',
  log: 'Log',
  email: 'E-mail',
}

/** The kinds of buses, in the order in which upstream looks for them. */
export const busTypes: Readonly<Record<string, string>> = {
  nats: 'NATS Streaming',
  jetstream: 'JetStream',
  kafka: 'Kafka',
  jetstreamExotic: 'JetStream elsewhere',
}

/** Upstream's spelling of a key, which Go reads in letters of any size; undefined: there is no such type. */
export function typeNamed(
  types: Readonly<Record<string, string>>,
  key: string,
): string | undefined {
  const small = key.toLowerCase()
  return Object.keys(types).find((type) => type.toLowerCase() === small)
}
