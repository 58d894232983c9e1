package dev.trimtab.kube;

/** What an error of the API server means for the caller. The HTTP code alone does not tell. */
public enum ErrorClass {
    /** The object, or the thing it names, is not there. */
    NOT_FOUND,
    /** The namespace of the object is not there (404 whose details name namespaces). */
    NAMESPACE_MISSING,
    /** The kind is not served (yet): a plain 404, or discovery does not list it. */
    KIND_MISSING,
    /** Another writer was faster, or another field manager owns the field (409). */
    CONFLICT,
    /** An object of that name exists already (409 AlreadyExists). */
    ALREADY_EXISTS,
    /** The object is wrong and stays wrong until Git changes (400, 413, 422, and the 500 that speak of the object itself). */
    INVALID,
    /** Not allowed until RBAC changes (401, 403). */
    FORBIDDEN,
    /** The watched version is too old (410). */
    GONE,
    /** Try again later (429, 500, 502, 503, 504, and 403 in a namespace that is being deleted). */
    RETRY,
    /** The server did not answer at all. */
    UNREACHABLE
}
