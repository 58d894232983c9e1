package dev.trimtab.sandbox.api;

/** All verbs over one backend. */
public record Verbs(Read read, Create create, Modify modify, Patch patch, Delete delete, Scale scale, PodVerbs pods) {

    static Verbs over(Backend backend) {
        Create create = new Create(backend);
        Modify modify = new Modify(backend);
        Delete delete = new Delete(backend);
        return new Verbs(
                new Read(backend),
                create,
                modify,
                new Patch(backend, create, modify),
                delete,
                new Scale(backend, modify),
                new PodVerbs(backend, modify, delete));
    }
}
