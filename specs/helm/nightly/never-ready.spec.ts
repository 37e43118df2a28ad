import { startFails } from '../start-failure.ts'

startFails({
  title: 'more memory than there is',
  set: { resources: { requests: { memory: '10Ti' } } },
  says: [/web-\S+: Unschedulable: .*Insufficient memory/, /event Pod web-\S+: FailedScheduling/],
})

startFails({
  title: 'a program that ends again and again',
  set: { command: ['sh', '-c', 'echo no such setting; exit 7'] },
  says: [/container web: CrashLoopBackOff: .*exit code 7/, /\| no such setting/, /event Pod web-\S+: BackOff/],
})

startFails({
  title: 'a variable from a Secret that is not there',
  set: { passwordFrom: 'nowhere' },
  says: [/container web: CreateContainerConfigError: secret "nowhere" not found/, /event Pod web-\S+: Failed/],
})

startFails({
  title: 'a mounted Secret that is not there',
  set: { mountedFrom: 'nowhere' },
  says: [/web-\S+: FailedMount: .*secret "nowhere" not found/, /event Pod web-\S+: FailedMount/],
})

startFails({
  title: 'a Job beside the rest that fails',
  set: { job: ['sh', '-c', 'echo no table there; exit 3'] },
  says: [/job-\S+, container job: BackoffLimitExceeded: .*exit code 3/, /\| no table there/],
})

startFails({
  title: 'a name that is no image',
  set: { image: 'No Image' },
  says: [/container web: InvalidImageName/, /event Pod web-\S+: (InspectFailed|Failed)/],
})
