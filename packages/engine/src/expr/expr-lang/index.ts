export { compileExpr } from './compile-expr.ts'
