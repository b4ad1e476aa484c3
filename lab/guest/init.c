/*
 * The lab's process 1: runs one command and carries its streams over the first serial line, which is a socket on the
 * host's side. A console would merge the streams and translate their bytes; frames keep them apart and exact.
 *
 * A frame is one byte of type, four bytes of length (little endian) and the payload. lab/run/frames.mjs has the list.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

/*
 * Bytes under way to us at most, heads of frames included; the host sends no more than it has credit for. It is less
 * than a tty buffers (4096), since a User-Mode Linux line that was throttled once never reads again: line_unthrottle()
 * does not undo the deactivate_chan() of line_throttle().
 */
#define WINDOW 3072
#define HEAD 5
#define CREDIT_STEP 1024
#define CHUNK 4096
#define NONE (-1)

static int line = NONE;	  /* the serial line */
static int master = NONE; /* the terminal's, where one is wanted */
static int to_child = NONE, from_child[3] = { NONE, NONE, NONE };
static pid_t child;
static char input[WINDOW];
static size_t input_at, input_len;
static uint32_t owed; /* credit not given back yet */
static int input_ends;

static void write_all(int fd, const void *bytes, size_t count)
{
	const char *p = bytes;

	while (count) {
		ssize_t n = write(fd, p, count);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		p += n;
		count -= n;
	}
}

static int read_all(int fd, void *bytes, size_t count)
{
	char *p = bytes;

	while (count) {
		ssize_t n = read(fd, p, count);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		p += n;
		count -= n;
	}
	return 0;
}

static void send_frame(char type, const void *bytes, uint32_t count)
{
	unsigned char head[HEAD] = { type, count, count >> 8, count >> 16, count >> 24 };

	write_all(line, head, sizeof(head));
	write_all(line, bytes, count);
}

static void power_off(void)
{
	sync();
	reboot(RB_POWER_OFF);
	_exit(1);
}

static void mount_at(const char *type, const char *where, const char *options)
{
	mkdir(where, 0755);
	mount(type, where, type, 0, options);
}

static void set_up(void)
{
	struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };

	mount_at("proc", "/proc", NULL);
	mount_at("sysfs", "/sys", NULL);
	mount_at("devpts", "/dev/pts", "ptmxmode=0666,mode=0620");
	mount_at("tmpfs", "/dev/shm", NULL);
	mount_at("debugfs", "/sys/kernel/debug", NULL);
	if (symlink("/proc/self/fd", "/dev/fd") || symlink("/proc/self/fd/0", "/dev/stdin") ||
	    symlink("/proc/self/fd/1", "/dev/stdout") || symlink("/proc/self/fd/2", "/dev/stderr"))
		perror("lab: /dev/fd");
	sethostname("lab", 3);
	setrlimit(RLIMIT_MEMLOCK, &unlimited); /* IOAS_MAP pins memory */
}

static void open_line(void)
{
	struct termios raw;

	line = open("/dev/ttyS0", O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (line < 0 || tcgetattr(line, &raw))
		power_off();
	cfmakeraw(&raw);
	raw.c_cflag |= CLOCAL;
	tcsetattr(line, TCSANOW, &raw);
	send_frame('h', NULL, 0);
}

/* The job, a file that the kernel's command line names (labjob=): fields that each end with a NUL. streams rows columns directory argc argv... environment... */
struct job {
	const char *streams; /* per stream: 't' the terminal, 'p' a pipe */
	struct winsize size;
	const char *directory;
	char **argv, **envp;
};

static struct job read_job(void)
{
	uint32_t count;
	struct stat st;
	char *text, *p, **fields;
	int n = 0, argc, fd;
	struct job job = { 0 };

	fd = open(getenv("labjob") ?: "", O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st))
		power_off();
	count = st.st_size;
	text = malloc(count + 1);
	if (!text || read_all(fd, text, count))
		power_off();
	close(fd);
	text[count] = 0;
	/* Two more than there can be fields: argv and the environment each end with a null pointer. */
	fields = calloc(count + 2, sizeof(*fields));
	job.streams = text;
	p = text + strlen(text) + 1;
	job.size.ws_row = atoi(p);
	p += strlen(p) + 1;
	job.size.ws_col = atoi(p);
	p += strlen(p) + 1;
	job.directory = p;
	p += strlen(p) + 1;
	argc = atoi(p);
	p += strlen(p) + 1;
	job.argv = fields;
	while (argc-- > 0) {
		fields[n++] = p;
		p += strlen(p) + 1;
	}
	fields[n++] = NULL;
	job.envp = fields + n;
	while (p < text + count) {
		fields[n++] = p;
		p += strlen(p) + 1;
	}
	return job;
}

static void become(struct job *job, int slave, int ends[3])
{
	sigset_t none;
	int i;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	setsid();
	if (slave != NONE)
		ioctl(slave, TIOCSCTTY, 0);
	for (i = 0; i < 3; i++)
		dup2(job->streams[i] == 't' ? slave : ends[i], i);
	if (chdir(job->directory))
		fprintf(stderr, "lab: %s: %s\n", job->directory, strerror(errno));
	environ = job->envp;
	execvp(job->argv[0], job->argv);
	fprintf(stderr, "lab: %s: %s\n", job->argv[0], strerror(errno));
	_exit(errno == ENOENT ? 127 : 126);
}

static void start(struct job *job)
{
	int slave = NONE, ends[3], pair[2], i;

	if (strchr(job->streams, 't') && openpty(&master, &slave, NULL, NULL, &job->size))
		power_off();
	for (i = 0; i < 3; i++) {
		if (job->streams[i] == 't')
			continue;
		if (pipe2(pair, O_CLOEXEC))
			power_off();
		ends[i] = pair[i != 0];
		*(i ? &from_child[i] : &to_child) = pair[i == 0];
	}
	if (job->streams[0] == 't')
		to_child = master;
	if (master != NONE)
		fcntl(master, F_SETFD, FD_CLOEXEC);
	child = fork();
	if (child == 0)
		become(job, slave, ends);
	if (slave != NONE)
		close(slave);
	for (i = 0; i < 3; i++)
		if (job->streams[i] != 't')
			close(ends[i]);
	fcntl(to_child, F_SETFL, O_NONBLOCK | (to_child == master ? O_RDWR : O_WRONLY));
}

static void close_input(void)
{
	if (to_child != NONE && to_child != master)
		close(to_child);
	to_child = NONE;
}

static void give_credit(uint32_t count)
{
	unsigned char bytes[4];

	owed += count;
	if (owed < CREDIT_STEP && input_len)
		return;
	bytes[0] = owed;
	bytes[1] = owed >> 8;
	bytes[2] = bytes[3] = 0;
	owed = 0;
	send_frame('c', bytes, sizeof(bytes));
}

/* Passes input on as far as it will go. Where nobody reads any more it is dropped, so that the host can go on. */
static void feed(void)
{
	ssize_t n = input_len;

	if (to_child != NONE && input_len) {
		n = write(to_child, input + input_at, input_len);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n < 0) {
			close_input();
			n = input_len;
		}
	}
	input_at += n;
	input_len -= n;
	if (n)
		give_credit(n);
	if (!input_len) {
		input_at = 0;
		if (input_ends)
			close_input();
	}
}

static void take_input(const char *bytes, size_t count)
{
	if (input_at + input_len + count > WINDOW) {
		memmove(input, input + input_at, input_len);
		input_at = 0;
	}
	memcpy(input + input_at + input_len, bytes, count);
	input_len += count;
	feed();
}

static void handle_frame(void)
{
	unsigned char head[HEAD];
	static char payload[WINDOW];
	struct winsize size = { 0 };
	uint32_t count;

	if (read_all(line, head, sizeof(head)))
		power_off(); /* the host's side is gone, and with it whoever wanted the command */
	count = head[1] | head[2] << 8 | head[3] << 16 | (uint32_t)head[4] << 24;
	if (count > WINDOW || read_all(line, payload, count))
		power_off();
	switch (head[0]) {
	case 'I':
		owed += HEAD;
		take_input(payload, count);
		break;
	case 'E':
		input_ends = 1;
		feed();
		break;
	case 'W':
		size.ws_row = (unsigned char)payload[0] | (unsigned char)payload[1] << 8;
		size.ws_col = (unsigned char)payload[2] | (unsigned char)payload[3] << 8;
		if (master != NONE)
			ioctl(master, TIOCSWINSZ, &size);
		break;
	case 'S':
		if (kill(-child, payload[0]))
			kill(child, payload[0]);
		break;
	case 'C':
		close(from_child[(int)payload[0]]);
		from_child[(int)payload[0]] = NONE;
		break;
	}
}

/* One chunk of output; returns 0 at the end of the stream, or where there is nothing more just now. */
static int forward(int *fd, char type)
{
	char chunk[CHUNK];
	ssize_t n = read(*fd, chunk, sizeof(chunk));

	if (n > 0)
		send_frame(type, chunk, n);
	else if (n == 0 || errno != EAGAIN) {
		if (fd != &master)
			close(*fd);
		*fd = NONE;
	}
	return n > 0;
}

static void drain(int *fd, char type)
{
	if (*fd == NONE)
		return;
	fcntl(*fd, F_SETFL, O_NONBLOCK | fcntl(*fd, F_GETFL));
	while (*fd != NONE && forward(fd, type))
		;
}

/* Reaps; returns the command's exit status once it has ended, else -1. */
static int reap(int signals)
{
	struct signalfd_siginfo info;
	int status, result = -1;
	pid_t pid;

	if (read(signals, &info, sizeof(info)) < 0)
		return -1;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		if (pid == child)
			result = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	return result;
}

static int serve(int signals)
{
	for (;;) {
		struct pollfd fds[] = {
			{ line, POLLIN, 0 },	      { signals, POLLIN, 0 },	    { master, POLLIN, 0 },
			{ from_child[1], POLLIN, 0 }, { from_child[2], POLLIN, 0 }, { input_len ? to_child : NONE, POLLOUT, 0 },
		};
		int status;

		if (poll(fds, 6, -1) < 0)
			continue;
		if (fds[2].revents)
			forward(&master, 't');
		if (fds[3].revents)
			forward(&from_child[1], '1');
		if (fds[4].revents)
			forward(&from_child[2], '2');
		if (fds[5].revents)
			feed();
		if (fds[1].revents) {
			status = reap(signals);
			if (status >= 0)
				return status;
		}
		if (fds[0].revents)
			handle_frame();
	}
}

int main(void)
{
	struct job job;
	sigset_t wanted;
	unsigned char status;
	char rest;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&wanted);
	sigaddset(&wanted, SIGCHLD);
	sigprocmask(SIG_BLOCK, &wanted, NULL);
	set_up();
	open_line();
	job = read_job();
	start(&job);
	status = serve(signalfd(-1, &wanted, SFD_CLOEXEC));
	drain(&master, 't');
	drain(&from_child[1], '1');
	drain(&from_child[2], '2');
	sync();
	send_frame('x', &status, 1);
	while (read(line, &rest, 1) > 0)
		; /* until the host has it all and hangs up */
	power_off();
}
