import { defineConfig } from 'vitest/config'

const seconds = 1000

export default defineConfig({
  test: {
    reporters: ['default', './harness/vitest/reporter.ts', 'junit'],
    outputFile: { junit: '.parity/junit/all.xml' },
    projects: [
      {
        // Needs no Docker.
        test: { name: 'unit', include: ['specs/unit/**/*.spec.ts'], testTimeout: 20 * seconds },
      },
      {
        // The HTML report in Chromium; needs no Docker.
        test: { name: 'report', include: ['specs/report/**/*.spec.ts'], testTimeout: 60 * seconds },
      },
      {
        // One after the other: they start real containers, and the machine has two cores.
        test: {
          name: 'environments',
          include: ['specs/environments/**/*.spec.ts'],
          testTimeout: 180 * seconds,
          hookTimeout: 180 * seconds,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // parity.yaml's probes and questions of specs, on environments that are started once for all files.
        test: {
          name: 'parity',
          include: ['specs/parity/**/*.spec.ts'],
          globalSetup: ['harness/vitest/setup.ts'],
          provide: { parityProject: 'fixtures/manifest-tracker' },
          testTimeout: 120 * seconds,
          hookTimeout: 900 * seconds,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
      {
        // Charts in a kind cluster, in short: the contract, and two that can never become ready.
        test: {
          name: 'helm',
          include: ['specs/helm/*.spec.ts'],
          testTimeout: 300 * seconds,
          hookTimeout: 600 * seconds,
          fileParallelism: false,
          sequence: { groupOrder: 4 },
        },
      },
      {
        // The rest about charts, the package, a second application: `npm run test:helm`.
        test: {
          name: 'nightly',
          include: ['specs/helm/nightly/*.spec.ts', 'specs/nightly/*.spec.ts'],
          testTimeout: 600 * seconds,
          hookTimeout: 900 * seconds,
          fileParallelism: false,
          sequence: { groupOrder: 5 },
        },
      },
      {
        // The command line itself, on a project that starts in seconds: exit codes, interruptions, dying services.
        test: {
          name: 'cli',
          include: ['specs/cli/**/*.spec.ts'],
          testTimeout: 120 * seconds,
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
      {
        // A dozen defects of fixtures/defects/, each planted in a copy of the application: is it reported, and where?
        test: {
          name: 'defects',
          include: ['specs/defects/daily.spec.ts'],
          testTimeout: 300 * seconds,
          hookTimeout: 900 * seconds,
          maxConcurrency: 2,
          sequence: { groupOrder: 3 },
        },
      },
      {
        // All of them: `npm run test:defects`.
        test: {
          name: 'all-defects',
          include: ['specs/defects/all.spec.ts'],
          testTimeout: 600 * seconds,
          hookTimeout: 1800 * seconds,
          maxConcurrency: 2,
          sequence: { groupOrder: 6 },
        },
      },
      {
        // Runs that are ended at every moment of their life: `npm run test:faults`.
        test: {
          name: 'faults',
          include: ['specs/faults/*.spec.ts'],
          testTimeout: 120 * seconds,
          hookTimeout: 300 * seconds,
          fileParallelism: false,
          sequence: { groupOrder: 7 },
        },
      },
      {
        // Thirty runs of the healthy application under load: `npm run test:healthy`.
        test: {
          name: 'healthy',
          include: ['specs/healthy/*.spec.ts'],
          testTimeout: 1800 * seconds,
          sequence: { groupOrder: 8 },
        },
      },
    ],
  },
})
