import type { Json } from '../spec/json.ts'

/** Items of loops: the name and the variables that upstream 4.1.2 gives them. */
export const itemCases: readonly {
  readonly item: Json
  readonly name: string
  readonly vars: Readonly<Record<string, string>>
}[] = [
  { item: 'a', name: 's(0:a)', vars: { item: 'a' } },
  { item: 'a b (c)', name: 's(1:a b c)', vars: { item: 'a b (c)' } },
  { item: '', name: 's(2:)', vars: { item: '' } },
  { item: 1, name: 's(3:1)', vars: { item: '1' } },
  { item: 0, name: 's(4:0)', vars: { item: '0' } },
  { item: -1.5, name: 's(5:-1.5)', vars: { item: '-1.5' } },
  { item: 1e-6, name: 's(7:0.000001)', vars: { item: '0.000001' } },
  { item: 1e-7, name: 's(8:1e-7)', vars: { item: '1e-7' } },
  { item: true, name: 's(9:true)', vars: { item: 'true' } },
  { item: false, name: 's(10:false)', vars: { item: 'false' } },
  { item: '1', name: 's(11:1)', vars: { item: '1' } },
  { item: 'true', name: 's(12:true)', vars: { item: 'true' } },
  { item: null, name: 's(13:[])', vars: { item: 'null' } },
  { item: [], name: 's(14:[])', vars: { item: '[]' } },
  {
    item: [1, 'x', [2], { k: 'v' }, null],
    name: 's(15:[1 x [2] {"k":"v"} null])',
    vars: { item: '[1,"x",[2],{"k":"v"},null]' },
  },
  { item: {}, name: 's(16:)', vars: { item: '{}' } },
  {
    item: { b: '2', a: '1' },
    name: 's(17:a:1,b:2)',
    vars: { item: '{"a":"1","b":"2"}', 'item.a': '1', 'item.b': '2' },
  },
  {
    item: { a: 'q"uo\\te', n: 'l\n', h: '<b>&' },
    name: 's(18:a:q\\"uo\\\\te,h:<b>&,n:l\\n)',
    vars: {
      item: '{"a":"q\\"uo\\\\te","h":"\\u003cb\\u003e\\u0026","n":"l\\n"}',
      'item.a': 'q\\"uo\\\\te',
      'item.h': '<b>&',
      'item.n': 'l\\n',
    },
  },
  {
    item: { o: { z: 1, a: [1, 2] }, l: ['x', '(y)'], t: true, n: null, f: 1.5 },
    name: 's(19:f:1.5,l:["x","y"],n:null,o:{"z":1,"a":[1,2]},t:true)',
    vars: {
      item: '{"f":1.5,"l":["x","(y)"],"n":null,"o":{"z":1,"a":[1,2]},"t":true}',
      'item.f': '1.5',
      'item.l': '["x","(y)"]',
      'item.n': 'null',
      'item.o': '{"z":1,"a":[1,2]}',
      'item.t': 'true',
    },
  },
  { item: '<b>&', name: 's(20:<b>&)', vars: { item: '<b>&' } },
  { item: 'q"u\\', name: 's(21:q\\"u\\\\)', vars: { item: 'q"u\\' } },
  { item: '\u00e9\u2028', name: 's(22:\u00e9\\u2028)', vars: { item: '\u00e9\u2028' } },
  { item: 'l\nb', name: 's(23:l\\nb)', vars: { item: 'l\nb' } },
  { item: ['<a>'], name: 's(24:[<a>])', vars: { item: '["\\u003ca\\u003e"]' } },
  { item: { 'k.d': 'x' }, name: 's(25:k.d:x)', vars: { item: '{"k.d":"x"}', 'item.k.d': 'x' } },
  { item: 12345678901, name: 's(26:12345678901)', vars: { item: '12345678901' } },
]
