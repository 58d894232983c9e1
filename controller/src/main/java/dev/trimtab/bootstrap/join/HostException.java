package dev.trimtab.bootstrap.join;

/** A machine could not be asked, or said no. */
public final class HostException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Obstacle obstacle;

    public HostException(Obstacle obstacle) {
        super(obstacle.toString());
        this.obstacle = obstacle;
    }

    public HostException(JoinCode code, String text, String fix) {
        this(new Obstacle(code, text, fix));
    }

    public Obstacle obstacle() {
        return obstacle;
    }
}
