import { expect, test } from 'vitest'
import { withoutFrames } from '../../harness/frames.ts'

const shortened = (text: string) => withoutFrames(text.split('\n')).join('\n')

test('of a traceback of Python, what went wrong and the innermost call of the project remain', () => {
  const traceback = `Waiting for the database
Traceback (most recent call last):
  File "/opt/venv/lib/python3.13/site-packages/psycopg_pool/pool.py", line 218, in getconn
    raise PoolTimeout(
        f"couldn't get a connection after {timeout:.2f} sec"
    ) from None
psycopg_pool.PoolTimeout: couldn't get a connection after 5.00 sec

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/app/manage.py", line 14, in <module>
    main()
    ~~~~^^
  File "/app/apps/core/start.py", line 3, in main
    with connection:
         ^^^^^^^^^^
  File "<frozen importlib._bootstrap>", line 1387, in _gcd_import
  File "/usr/local/lib/python3.13/contextlib.py", line 162, in __exit__
    self.gen.throw(value)
    ~~~~~~~~~~~~~~^^^^^^^
django.db.utils.OperationalError: couldn't get a connection after 5.00 sec`
  expect(shortened(traceback)).toBe(`Waiting for the database
Traceback (most recent call last):
psycopg_pool.PoolTimeout: couldn't get a connection after 5.00 sec

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/app/apps/core/start.py", line 3, in main
    with connection:
         ^^^^^^^^^^
django.db.utils.OperationalError: couldn't get a connection after 5.00 sec`)
})

test('also of one that BuildKit prints', () => {
  const traceback = `#27 1.048   File "/app/manage.py", line 14, in <module>
#27 1.048     main()
#27 1.048   File "/opt/venv/lib/python3.13/site-packages/django/apps/config.py", line 193, in create
#27 1.048     import_module(entry)
#27 1.049 ModuleNotFoundError: No module named 'corsheaders'`
  expect(shortened(traceback)).toBe(`#27 1.048   File "/app/manage.py", line 14, in <module>
#27 1.048     main()
#27 1.049 ModuleNotFoundError: No module named 'corsheaders'`)
})

test('and of one of Node', () => {
  const stack = `Error: connect ECONNREFUSED 127.0.0.1:8000
    at resolve (/app/vite.config.ts:12:7)
    at load (/app/vite.config.ts:30:3)
    at async loadConfig (file:///app/node_modules/vite/dist/node/chunks/config.js:30:13)
    at node:internal/main/run_main_module:36:49
    at afterConnect [as oncomplete] (node:net:1637:16) {
  code: 'ECONNREFUSED'`
  expect(shortened(stack)).toBe(`Error: connect ECONNREFUSED 127.0.0.1:8000
    at resolve (/app/vite.config.ts:12:7)
    at afterConnect [as oncomplete] (node:net:1637:16) {
  code: 'ECONNREFUSED'`)
})
