/** The part of css-tree that is used here; version 3 brings no types of its own. */
declare module 'css-tree' {
  export interface CssNode {
    type: string
    /** Of a `Url` or a `String`, without quotes and escapes. */
    value?: unknown
  }

  export interface WalkContext {
    /** The at-rule that the node stands in. */
    atrule: { name: string } | null
  }

  export function parse(text: string, options?: { context?: string; parseCustomProperty?: boolean }): CssNode
  export function walk(tree: CssNode, visit: (this: WalkContext, node: CssNode) => void): void
}
