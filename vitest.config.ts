import { defineConfig } from 'vitest/config'

const seconds = 1000

export default defineConfig({
  test: {
    reporters: ['default', ['junit', { outputFile: '.parity/junit.xml' }]],
    projects: [
      {
        // Needs no Docker.
        test: { name: 'unit', include: ['specs/unit/**/*.spec.ts'], testTimeout: 20 * seconds },
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
    ],
  },
})
