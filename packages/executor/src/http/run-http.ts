import { evaluateCondition, isObject, type Json, type JsonObject } from '@argosy/engine'
import { secretsIn } from '../artifacts/secrets.ts'
import type { BuiltInCall } from '../built-in.ts'
import { leaveVerdict, type Verdict } from '../verdict.ts'
import { type Answer, byName, exchange, type Question } from './exchange.ts'

/** The program behind http templates: what upstream's agent does for one. A request that is answered is never sent again. */
export async function httpProgram(call: BuiltInCall): Promise<number> {
  const template = call.plan?.template.http
  if (!template) throw new Error('the pod has no http template')
  const earlier = await call.recall()
  const verdict =
    earlier === undefined ? await judged(template, call) : (JSON.parse(earlier) as Verdict)
  await call.remember(JSON.stringify(verdict))
  await leaveVerdict(call, verdict)
  return 0
}

async function judged(template: JsonObject, call: BuiltInCall): Promise<Verdict> {
  const question = await questionOf(template, call)
  const seconds = template['timeoutSeconds']
  const limit = typeof seconds === 'number' ? [AbortSignal.timeout(seconds * 1000)] : []
  call.log(`${question.method} ${question.url}`)
  const answer = await exchange(question, AbortSignal.any([call.signal, ...limit]))
  call.log(`${answer.statusCode}`)
  const outputs = { result: answer.body }
  const failure = failureOf(template, question, answer)
  if (failure === undefined) return { phase: 'Succeeded', outputs }
  return { phase: 'Failed', message: failure, outputs }
}

async function questionOf(template: JsonObject, call: BuiltInCall): Promise<Question> {
  const bytes = isObject(template['bodyFrom']) ? template['bodyFrom']['bytes'] : undefined
  return {
    method: text(template['method']) || 'GET',
    url: text(template['url']),
    headers: await headersOf(template['headers'], call),
    body:
      typeof bytes === 'string'
        ? Buffer.from(bytes, 'base64')
        : Buffer.from(text(template['body'])),
    insecureSkipVerify: template['insecureSkipVerify'] === true,
    ...(call.lookup && { lookup: call.lookup }),
  }
}

async function headersOf(
  headers: Json | undefined,
  call: BuiltInCall,
): Promise<Question['headers']> {
  const listed = Array.isArray(headers) ? headers.filter(isObject) : []
  return Promise.all(
    listed.map(async (header) => [text(header['name']), await headerValue(header, call)] as const),
  )
}

async function headerValue(header: JsonObject, { client, pod }: BuiltInCall): Promise<string> {
  const from = isObject(header['valueFrom']) ? header['valueFrom']['secretKeyRef'] : undefined
  if (!isObject(from)) return text(header['value'])
  const secrets = secretsIn(client, pod.metadata.namespace ?? 'default')
  const name = text(from['name'])
  const key = text(from['key'])
  const value = await secrets(name, key)
  if (value) return value.toString('utf8')
  throw new Error(`secret '${name}' does not have the key '${key}'`)
}

/** Undefined when the answer is what was wanted. */
function failureOf(
  template: JsonObject,
  { method, url, headers, body }: Question,
  { statusCode, ...response }: Answer,
): string | undefined {
  const condition = text(template['successCondition'])
  if (condition === '') {
    const isGood = statusCode >= 200 && statusCode < 300
    return isGood ? undefined : `received non-2xx response code: ${statusCode}`
  }
  const environment = {
    request: {
      method: text(template['method']) && method,
      url,
      body: text(template['body']),
      bodyBytes: new Uint8Array(body),
      headers: byName(headers),
    },
    response: { statusCode: BigInt(statusCode), body: response.body, headers: response.headers },
  }
  const result = evaluateCondition(condition, environment)
  if ('problem' in result) throw new Error(result.problem)
  return result.value ? undefined : `successCondition '${condition}' evaluated false`
}

function text(value: Json | undefined): string {
  return value === undefined || value === null ? '' : String(value)
}
