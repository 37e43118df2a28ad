/** What an image will be, by the text of its Dockerfile. */
import { describe, expect, test } from 'vitest'
import { parseDockerfile } from '../../harness/static/dockerfile.ts'
import { stageOf } from '../../harness/static/stage.ts'

const stage = (text: string, target?: string, args?: Record<string, string>) =>
  stageOf(parseDockerfile(text), target, args)

const staged = `
ARG PYTHON=3.13
FROM python:\${PYTHON}-slim AS base
ENV PATH=/opt/venv/bin:$PATH \\
    # what stands between continued lines does not count
    GREETING="two words" LATER=$GREETING
WORKDIR /app
EXPOSE 8000/tcp 9000
USER app:staff
ENTRYPOINT ["./entrypoint.sh"]
HEALTHCHECK --interval=5s CMD ["curl", "localhost"]

FROM node AS assets
ARG API_BASE
RUN npm install

FROM base AS production
COPY --from=assets /dist /srv
RUN useradd --uid 10001 app && groupadd -g 20002 staff
CMD gunicorn shop.wsgi

FROM production AS debug
WORKDIR sub
USER root
HEALTHCHECK NONE
ENTRYPOINT ["python"]
`

describe('a stage', () => {
  test('has what the stages below it have said', () => {
    expect(stage(staged, 'production')).toMatchObject({
      base: 'python:3.13-slim',
      directory: '/app',
      user: 'app:staff',
      ports: [8000, 9000],
      entrypoint: { argv: ['./entrypoint.sh'], form: 'exec' },
      command: { argv: ['/bin/sh', '-c', 'gunicorn shop.wsgi'], form: 'shell' },
      healthCheck: ['curl', 'localhost'],
      environment: { PATH: '/opt/venv/bin:', GREETING: 'two words' },
      userIds: { app: '10001' },
      groupIds: { staff: '20002' },
    })
  })

  test('overrides them, and a new entrypoint takes their command away', () => {
    expect(stage(staged, 'DEBUG')).toMatchObject({
      directory: '/app/sub',
      user: 'root',
      entrypoint: { argv: ['python'] },
      command: undefined,
      healthCheck: undefined,
    })
  })

  test('goes through the stages that it copies from', () => {
    expect(stage(staged, 'production')?.images).toEqual(['python:3.13-slim', 'node'])
    expect(stage(staged, 'production')?.runs).toContain('npm install')
    expect(stage(staged, 'base')?.runs).toEqual([])
  })

  test('is the last one when none is named, and undefined when the named one is not there', () => {
    expect(stage(staged)?.name).toBe('debug')
    expect(stage(staged, 'prod')).toBeUndefined()
  })

  test('knows the arguments that the build is not given, in stages that it copies from as well', () => {
    expect(stage(staged, 'production')?.missingArguments).toEqual(['API_BASE'])
    expect(stage(staged, 'production', { API_BASE: '/api' })?.missingArguments).toEqual([])
    expect(stage(staged, 'production', { PYTHON: '3.14' })?.base).toBe('python:3.14-slim')
  })
})

test('here documents belong to their instruction', () => {
  const text = 'FROM a\nRUN <<EOF\nUSER nobody\necho hi\nEOF\nUSER app\n'
  expect(stage(text)).toMatchObject({ user: 'app', runs: ['<<EOF\nUSER nobody\necho hi'] })
})

test('an escape directive changes what continues a line', () => {
  expect(stage('# escape=`\nFROM a\nENV A=1 `\n    B=2\n')?.environment).toEqual({ A: '1', B: '2' })
})
