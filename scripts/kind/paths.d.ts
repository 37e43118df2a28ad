export declare function toolFolder(name: string, version: string): string
/** Absolute paths of the pinned programs; set-up puts them there. */
export declare const kind: string
export declare const helm: string
export declare const kubectl: string
/** Hash of everything that decides what the node image is. */
export declare const nodeImageRecipe: string
/** The public node image or, where no image registry answers, its stand-in: under this name in both cases. */
export declare const nodeImage: string
