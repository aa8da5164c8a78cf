export { delimited, encodeMessage, type Part, zigzag } from './protobuf/encode-message.ts'
export { type Message, messageIn, undelimited } from './protobuf/message.ts'
export { BadWire, type WireField, wireFields } from './protobuf/wire-fields.ts'
