package dev.trimtab.sync;

import java.time.Duration;
import java.util.Date;
import java.util.Objects;
import java.util.Properties;
import java.util.random.RandomGenerator;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDataMap;
import org.quartz.JobExecutionContext;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.impl.StdSchedulerFactory;

/** Fires what is due. Jobs take microseconds: they enqueue and end, so that none delays another. */
@SuppressWarnings("JavaUtilDate") // Quartz speaks it
public final class Schedule implements AutoCloseable {

    private static final double JITTER = 0.1;

    private final Scheduler scheduler;
    private final RandomGenerator random;

    /** Starts a scheduler in memory, with one thread. */
    public Schedule(String name, RandomGenerator random) {
        this.random = random;
        Properties settings = new Properties();
        settings.setProperty("org.quartz.scheduler.instanceName", name);
        settings.setProperty("org.quartz.scheduler.skipUpdateCheck", "true");
        settings.setProperty("org.quartz.scheduler.makeSchedulerThreadDaemon", "true");
        settings.setProperty("org.quartz.threadPool.class", "org.quartz.simpl.SimpleThreadPool");
        settings.setProperty("org.quartz.threadPool.threadCount", "1");
        settings.setProperty("org.quartz.threadPool.makeThreadsDaemons", "true");
        settings.setProperty("org.quartz.jobStore.class", "org.quartz.simpl.RAMJobStore");
        try {
            scheduler = new StdSchedulerFactory(settings).getScheduler();
            scheduler.start();
        } catch (SchedulerException e) {
            throw new IllegalStateException("the in-memory scheduler does not start", e);
        }
    }

    /**
     * Runs {@code enqueue} at once and then every {@code interval}, each time up to a tenth later, so that many syncs do not
     * ask one server together.
     */
    public void every(String name, Duration interval, Runnable enqueue) {
        JobDataMap data = new JobDataMap();
        data.put(Enqueue.TASK, enqueue);
        data.put(Enqueue.NEXT, (NextFiring) () -> new Date(System.currentTimeMillis() + jittered(interval)));
        try {
            scheduler.scheduleJob(
                    JobBuilder.newJob(Enqueue.class)
                            .withIdentity(name)
                            .usingJobData(data)
                            .build(),
                    once(name, new Date()));
        } catch (SchedulerException e) {
            throw new IllegalStateException("\"" + name + "\" cannot be scheduled", e);
        }
    }

    private long jittered(Duration interval) {
        return (long) (interval.toMillis() * (1 + JITTER * random.nextDouble()));
    }

    private static Trigger once(String name, Date at) {
        return TriggerBuilder.newTrigger()
                .withIdentity(name)
                .startAt(at)
                .withSchedule(SimpleScheduleBuilder.simpleSchedule().withMisfireHandlingInstructionFireNow())
                .build();
    }

    @Override
    public void close() {
        try {
            scheduler.shutdown(true);
        } catch (SchedulerException e) {
            throw new IllegalStateException("the scheduler does not stop", e);
        }
    }

    @FunctionalInterface
    private interface NextFiring {
        Date at();
    }

    /** Quartz makes one of these for each firing. */
    public static final class Enqueue implements Job {

        private static final String TASK = "task";
        private static final String NEXT = "next";

        @Override
        public void execute(JobExecutionContext context) {
            JobDataMap data = context.getJobDetail().getJobDataMap();
            ((Runnable) Objects.requireNonNull(data.get(TASK))).run();
            String name = context.getJobDetail().getKey().getName();
            Date next = ((NextFiring) Objects.requireNonNull(data.get(NEXT))).at();
            try {
                context.getScheduler()
                        .rescheduleJob(
                                context.getTrigger().getKey(),
                                TriggerBuilder.newTrigger()
                                        .withIdentity(name)
                                        .forJob(name)
                                        .startAt(next)
                                        .withSchedule(SimpleScheduleBuilder.simpleSchedule()
                                                .withMisfireHandlingInstructionFireNow())
                                        .build());
            } catch (SchedulerException e) {
                throw new IllegalStateException("\"" + name + "\" cannot be scheduled again", e);
            }
        }
    }
}
