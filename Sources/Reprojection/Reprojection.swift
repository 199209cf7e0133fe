// The module's first file; its types stand beside it.
