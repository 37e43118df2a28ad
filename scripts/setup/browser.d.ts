export const BROWSERS: string[]
