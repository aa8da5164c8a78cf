import { runInThisContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { scriptsOf } from './scripts-of.ts'

type Names = Readonly<Record<string, unknown>>
type Chunk = (...given: readonly unknown[]) => Names

/** Runs the entry `main.js` of chunks that were modules, as the loader does. */
function play(chunks: Readonly<Record<string, string>>): Names {
  const scripts = scriptsOf(new Map(Object.entries(chunks)))
  const run = new Map<string, Names>()
  const chunk = (name: string): Names => {
    const known = run.get(name)
    if (known) return known
    const begin = runInThisContext(scripts.get(name) ?? '') as Chunk
    const later = async (other: string) => chunk(other)
    const names = begin(
      chunk,
      later,
      (name: string) => `required ${name}`,
      `file:///${name}`,
      `/${name}`,
      '/',
    )
    run.set(name, names)
    return names
  }
  return chunk('main.js')
}

describe('a chunk as a script', () => {
  it('gives away what the module gave away, by the same names', () => {
    const names = play({
      'main.js': 'import{a as b,c}from"./x.js";var d=b()+c;export{d as sum,b}',
      'x.js': 'function a(){return 1}var c=2;export{a,c}',
    })
    expect(names['sum']).toBe(3)
    expect(Object.keys(names)).toEqual(['sum', 'b'])
  })

  it('runs what it imports first, once, in the order of the imports', () => {
    const { order } = play({
      'main.js':
        'import"./x.js";import{log}from"./log.js";import"./y.js";log.push("main");export{log as order}',
      'x.js': 'import{log}from"./log.js";log.push("x");',
      'y.js': 'import{log}from"./log.js";log.push("y");',
      'log.js': 'var log=[];export{log}',
    })
    expect(order).toEqual(['x', 'y', 'main'])
  })

  it('is strict, and has a default', () => {
    const { default: what } = play({
      'main.js':
        'import x from"./x.js";export default[x,(function(){return this})(),typeof require];',
      'x.js': 'export default 1+1;',
    })
    expect(what).toEqual([2, undefined, 'function'])
  })

  it('loads other chunks later, and Node’s own modules', async () => {
    const { load, own } = play({
      'main.js': 'var load=()=>import("./x.js"),own=()=>import("node:path");export{load,own}',
      'x.js': 'var a=7;export{a}',
      'node:path': 'var name="path";export{name}',
    })
    expect(await (load as () => Promise<unknown>)()).toEqual({ a: 7 })
    expect(await (own as () => Promise<unknown>)()).toEqual({ name: 'path' })
  })

  it('knows where it lies', () => {
    const { here } = play({
      'main.js':
        'var here=[import.meta.url,import.meta.dirname,__dirname,__filename,require("a")];export{here}',
    })
    expect(here).toEqual(['file:///main.js', '/', '/', '/main.js', 'required a'])
  })

  it('is ASCII, also in regular expressions', () => {
    const script = scriptsOf(new Map([['main.js', 'var a=/[├└]x/u;export{a}']])).get('main.js')
    expect(script).toContain('/[\\u251c\\u2514]x/u')
    expect(script).toMatch(/^[\0-\x7f]*$/)
  })

  const changes = {
    'a function that counts': 'var n=0;function more(){n++}export{n,more}',
    'one that assigns': 'var n;function more(){n=(n??0)+1}n=0;export{n,more}',
    'one that takes apart': 'var n=0;function more(){({n}={n:n+1})}export{n,more}',
    'one that takes a list apart': 'var n=0;function more(){[n]=[n+1]}export{n,more}',
    'a loop': 'var n=0;function more(){for(n of[n+1]);}export{n,more}',
    'an arrow': 'var n=0,more=()=>n+=1;export{n,more}',
    'a method': 'var n=0,more=()=>new A().more();class A{more(){n++}}export{n,more}',
  }
  it.each(Object.entries(changes))('sees a name change: %s', (_, counter) => {
    const { seen } = play({
      'main.js': [
        'import{m,more}from"./hand.js";more();',
        'var seen=[m,`${m}`,{m}.m,((a=m)=>a)(),[...[m]][0],-m];more();seen.push(m);',
        'export{seen}',
      ].join(''),
      'hand.js': 'import{n,more}from"./counter.js";export{n as m,more}',
      'counter.js': counter,
    })
    expect(seen).toEqual([1, '1', 1, 1, 1, -1, 2])
  })

  it('calls what may change without a `this`', () => {
    const { seen } = play({
      'main.js': 'import{f}from"./x.js";var seen=[f(),f``,f?.()];export{seen}',
      'x.js': 'var f;g();function g(){f=function(){return this}}export{f}',
    })
    expect(seen).toEqual([undefined, undefined, undefined])
  })

  const refused = {
    'a circle': {
      'main.js': 'import{b}from"./x.js";var a=1;export{a,b}',
      'x.js': 'import{a}from"./main.js";var b=()=>a;export{b}',
    },
    'something from outside': { 'main.js': 'import a from"left-pad";a();' },
    'a chunk whose name is made up': { 'main.js': 'var a=b=>import(b);export{a}' },
    'a whole chunk': { 'main.js': 'import*as a from"./x.js";a.b();', 'x.js': 'export{}' },
    'a declaration given away': { 'main.js': 'export default function a(){}' },
    'more of import.meta': { 'main.js': 'var a=import.meta.resolve;export{a}' },
    'names of ours': { 'main.js': 'argosyChunk();' },
    'an inner name that hides one that changes': {
      'main.js': 'import{n}from"./x.js";var f=n=>n;export{f,n}',
      'x.js': 'var n=0;function more(){n++}export{n,more}',
    },
  }
  it.each(Object.entries(refused))('refuses %s', (_, chunks) => {
    expect(() => play(chunks as Readonly<Record<string, string>>)).toThrow(/./)
  })
})
