import { startFails } from './start-failure.ts'

startFails({
  title: 'an image that nobody has',
  set: { image: 'nobody/has-this:1' },
  says: [/web-\S+, container web: (ErrImagePull|ImagePullBackOff)/, /event Pod web-\S+: Failed: .*nobody\/has-this:1/],
})

startFails({
  title: 'a hook that fails',
  set: { hook: ['sh', '-c', 'echo no table there; exit 3'] },
  says: [/hook/, /BackoffLimitExceeded/, /\| no table there/],
})
