/** What can be wrong with a chart by itself, each with its finder. */
import type { Fault } from '../../contract.ts'
import { autoscalersWithoutRequests } from './autoscalers.ts'
import { withoutChecksum } from './checksums.ts'
import { readableCredentials } from './credentials.ts'
import { lostSecrets } from './lost-secrets.ts'
import { portsToNowhere } from './ports.ts'
import type { FaultFinder } from './release.ts'
import { changingSelectors } from './selectors.ts'
import { testsOfNothing } from './tests.ts'
import { wrongTypes } from './types.ts'
import { unreadValues } from './unread-values.ts'

export const finders: [Fault, FaultFinder][] = [
  ['autoscalers without requests', autoscalersWithoutRequests],
  ['configuration without a checksum', withoutChecksum],
  ['credentials outside of a Secret', readableCredentials],
  ['ports that lead nowhere', portsToNowhere],
  ['secrets that do not outlive the release as their volume does', lostSecrets],
  ['selectors that change', changingSelectors],
  ['tests of names that do not exist', testsOfNothing],
  ['values of the wrong type', wrongTypes],
  ['values that nothing reads', unreadValues],
]
