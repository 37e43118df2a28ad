import type { Command } from 'commander'

export function addClean(program: Command): void {
  program
    .command('clean')
    .description('remove what runs that have died and environments that were kept have left on this machine')
    .option('--cluster', 'remove the kept kind cluster too')
    .addHelpText('after', '\nExample:\n  parity clean --cluster')
    .action(async ({ cluster }: { cluster?: boolean }) => {
      const { clean, removeCluster, requireEngine } = await import('../environments/index.ts')
      await requireEngine()
      const removed = [...(await clean()), ...(cluster ? await removeCluster() : [])]
      console.log(removed.length ? removed.map((name) => `removed ${name}`).join('\n') : 'there was nothing to remove')
    })
}
