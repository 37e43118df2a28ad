/** Versions by the name of the program, each with its leading v. */
export declare const versions: Record<
  'kind' | 'helm' | 'kubernetes' | 'etcd' | 'coredns' | 'local-path-provisioner',
  string
>
/** With its digest. */
export declare const publicNodeImage: string
