/** The same environment without the harness. `up` ends when all its services are ready; images are there before. */
export interface ByHand extends AsyncDisposable {
  up(): Promise<void>
  down(): Promise<void>
}
