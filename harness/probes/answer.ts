/** What is compared of an answer, in http and in journeys alike. */
import type { Json } from '../model.ts'
import { comparableBody, emptiness } from './body.ts'
import { cookieFlags } from './cookies.ts'
import { comparedHeaders } from './headers.ts'
import type { Answer } from './request.ts'

/** @param compareHeaders names of headers to compare beside the usual ones */
export function comparableAnswer(method: string, answer: Answer, compareHeaders: string[]): { [name: string]: Json } {
  const isBodyless = method === 'HEAD' || method === 'OPTIONS'
  return {
    status: answer.status,
    headers: comparedHeaders(answer, compareHeaders),
    cookies: cookieFlags(answer),
    body: isBodyless ? emptiness(answer) : comparableBody(answer),
  }
}
