import assert from 'node:assert/strict'
import { test } from 'node:test'
import { config, files, once, shell, start, volume } from '../container.js'

const image = 'postgres:17-trixie'
const ready = 'database system is ready to accept connections'
const password = ['--env', 'POSTGRES_PASSWORD=p@ss/w"o\'rd $x']

test('postgres: configuration is as public', async () => {
  const { env, Cmd, Entrypoint, StopSignal, Volumes, ExposedPorts, User } = await config(image)
  assert.deepEqual([Cmd, Entrypoint, StopSignal, User], [['postgres'], ['docker-entrypoint.sh'], 'SIGINT', ''])
  assert.deepEqual([Volumes, ExposedPorts], [{ '/var/lib/postgresql/data': {} }, { '5432/tcp': {} }])
  assert.deepEqual([env.PGDATA, env.LANG, env.PG_MAJOR], ['/var/lib/postgresql/data', 'en_US.utf8', '17'])
  assert.match(env.PATH, /:\/usr\/lib\/postgresql\/17\/bin$/)
  assert.equal(await shell(image, 'id -u postgres; id -g postgres; echo ~postgres'), '999\n999\n/var/lib/postgresql')
})

test('postgres: the first start makes user and database, runs the init files in order, then listens', async (t) => {
  const init = files(t, {
    '1.sql': "CREATE TABLE made (by text); INSERT INTO made VALUES ('sql');",
    '2.sh':
      '#!/bin/bash\nset -e\npsql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d "$POSTGRES_DB" -c "INSERT INTO made VALUES (\'executable\')"\n',
    '3.sh':
      'psql -U "$POSTGRES_USER" -d "$POSTGRES_DB" -c "INSERT INTO made SELECT \'sourced \' || current_setting(\'listen_addresses\')"\n',
    '4.txt': 'ignored',
  })
  await shell(image, 'echo "INSERT INTO made VALUES (\'gz\');" | gzip > /init/5.sql.gz', ['--volume', `${init}:/init`])
  const flags = [
    ...password,
    '--env',
    'POSTGRES_USER=app',
    '--env',
    'POSTGRES_DB=store',
    '--volume',
    `${init}:/docker-entrypoint-initdb.d:ro`,
  ]
  const server = await start(t, image, flags)
  const log = await server.says(ready, 2)
  assert.match(log, /PostgreSQL init process complete; ready for start up/)
  assert.match(log, /ignoring \/docker-entrypoint-initdb\.d\/4\.txt/)
  assert.equal(log.split('listening on IPv4 address').length, 2, 'the temporary server must not listen on TCP')
  const sql = (query) => server.exec('psql', '-U', 'app', '-d', 'store', '-Atc', query)
  assert.equal(await sql("SELECT string_agg(by, ',') FROM made"), 'sql,executable,sourced ,gz')
  assert.equal(
    await sql("SELECT pg_encoding_to_char(encoding), datcollate FROM pg_database WHERE datname = 'store'"),
    'UTF8|en_US.utf8',
  )
  assert.equal(await sql('SHOW listen_addresses'), '*')
  assert.equal(await sql('SHOW data_checksums'), 'off')
  assert.match(await server.exec('cat', '/proc/1/status'), /Name:\tpostgres[\s\S]*Uid:\t999\t999/)
  const { exitCode, seconds } = await server.stop()
  assert.ok(exitCode === 0 && seconds < 8, `exit code ${exitCode} after ${seconds} s`)
})

test('postgres: others need the password, whatever is in it', async (t) => {
  const server = await start(t, image, password)
  await server.says(ready, 2)
  const address = await server.inspect('{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}')
  const connect = (given) =>
    once(image, ['psql', '-h', address, '-U', 'postgres', '-Atc', 'SELECT 1'], ['--env', `PGPASSWORD=${given}`])
  assert.equal((await connect('p@ss/w"o\'rd $x')).stdout.trim(), '1')
  assert.match((await connect('wrong')).output, /password authentication failed/)
  assert.match(
    await server.exec('tail', '-n', '1', '/var/lib/postgresql/data/pg_hba.conf'),
    /^host all all all scram-sha-256$/,
  )
})

test('postgres: settings come from files, initdb and server take arguments', async (t) => {
  const secrets = files(t, { password: 'from-file\n', user: 'filed' })
  const flags = [
    '--volume',
    `${secrets}:/run/secrets:ro`,
    '--env',
    'POSTGRES_PASSWORD_FILE=/run/secrets/password',
    '--env',
    'POSTGRES_USER_FILE=/run/secrets/user',
  ]
  const server = await start(
    t,
    image,
    [...flags, '--env', 'POSTGRES_INITDB_ARGS=--data-checksums --encoding="SQL_ASCII" --locale=C'],
    ['-c', 'max_connections=17'],
  )
  await server.says(ready, 2)
  const sql = (query) => server.exec('psql', '-U', 'filed', '-Atc', query)
  assert.equal(
    await sql(
      "SELECT current_setting('data_checksums'), current_setting('max_connections'), current_setting('server_encoding')",
    ),
    'on|17|SQL_ASCII',
  )
})

test('postgres: a cluster that exists is taken as it is', async (t) => {
  const data = await volume(t)
  const mount = ['--volume', `${data}:/var/lib/postgresql/data`]
  const first = await start(t, image, [...password, ...mount])
  await first.says(ready, 2)
  await first.exec('psql', '-U', 'postgres', '-c', 'CREATE TABLE kept ()')
  await first.stop()
  const second = await start(t, image, mount)
  assert.match(await second.says(ready), /Skipping initialization/)
  await second.exec('psql', '-U', 'postgres', '-c', 'TABLE kept')
})

test('postgres: refuses to start without a password, unless everybody is trusted', async (t) => {
  for (const flags of [[], ['--env', 'POSTGRES_HOST_AUTH_METHOD=md5']]) {
    const { code, output } = await once(image, [], flags)
    assert.equal(code, 1)
    assert.match(output, /superuser password is not specified/)
  }
  const trusting = await start(t, image, ['--env', 'POSTGRES_HOST_AUTH_METHOD=trust'])
  await trusting.says(ready, 2)
  const { output: both } = await once(image, [], ['--env', 'POSTGRES_PASSWORD=a', '--env', 'POSTGRES_PASSWORD_FILE=/b'])
  assert.match(both, /both POSTGRES_PASSWORD and POSTGRES_PASSWORD_FILE are set/)
})

test('postgres: a failing init file ends the start', async (t) => {
  const init = files(t, { '1.sql': 'SELECT no_such_column;' })
  const { code, output } = await once(image, [], [...password, '--volume', `${init}:/docker-entrypoint-initdb.d:ro`])
  assert.equal(code, 3, output)
  assert.match(output, /no_such_column/)
})

test('postgres: any user may run it', async (t) => {
  for (const flags of [
    ['--user', 'postgres'],
    ['--user', '1234:1234', '--tmpfs', '/var/lib/postgresql/data:uid=1234,gid=1234,mode=0700'],
  ]) {
    const server = await start(t, image, [...password, ...flags])
    await server.says(ready, 2)
  }
})

test('postgres: a volume with lost+found is refused, a folder below it is not', async (t) => {
  const data = await volume(t)
  const mount = ['--volume', `${data}:/var/lib/postgresql/data`]
  await shell(image, 'mkdir /var/lib/postgresql/data/lost+found', mount)
  const { code, output } = await once(image, [], [...password, ...mount])
  assert.equal(code, 1)
  assert.match(output, /exists but is not empty[\s\S]*lost\+found/)
  const below = await start(t, image, [...password, ...mount, '--env', 'PGDATA=/var/lib/postgresql/data/pgdata'])
  await below.says(ready, 2)
})

test('postgres: other commands run as they are, version and help without a password', async () => {
  assert.match((await once(image, ['--version'])).stdout, /^postgres \(PostgreSQL\) 17\./)
  assert.match((await once(image, ['psql', '--version'])).stdout, /^psql \(PostgreSQL\) 17\./)
  assert.equal((await once(image, ['id', '-u'])).stdout.trim(), '0')
})
