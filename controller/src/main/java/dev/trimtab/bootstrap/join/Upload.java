package dev.trimtab.bootstrap.join;

import dev.trimtab.bootstrap.FileTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** How files get to a machine: into a folder that only root may open and that is gone after a boot. */
public final class Upload {

    public static final String TOKEN = RemoteCommand.FOLDER + "/token";
    public static final String CERTIFICATE_KEY = RemoteCommand.FOLDER + "/certificate-key";

    private Upload() {}

    /** Takes the place of what an earlier upload left. */
    public static List<RemoteCommand> folder(FileTree tree) {
        List<RemoteCommand> commands = new ArrayList<>();
        commands.add(RemoteCommand.removeFolder());
        Set<String> folders = new TreeSet<>();
        folders.add(RemoteCommand.FOLDER);
        tree.files().keySet().stream()
                .filter(path -> path.contains("/"))
                .forEach(path -> folders.add(RemoteCommand.FOLDER + "/" + path.substring(0, path.lastIndexOf('/'))));
        folders.forEach(folder -> commands.add(RemoteCommand.makeFolder(folder)));
        tree.files()
                .forEach((path, text) -> commands.add(RemoteCommand.write(RemoteCommand.FOLDER + "/" + path, text)));
        return commands;
    }

    /** The file is root's alone before anything is in it. */
    public static List<RemoteCommand> secret(String file, String text) {
        return List.of(RemoteCommand.makeFile(file), RemoteCommand.write(file, text));
    }

    /** What is made unreadable after a join. */
    public static List<String> secrets(boolean controlPlane) {
        return controlPlane ? List.of(TOKEN, CERTIFICATE_KEY) : List.of(TOKEN);
    }
}
