/*
 * hog: the memory of a stand-in for a guest. Fills memory with partly compressible pages, then waits.
 *
 *   hog MIB [COMPRESSIBLE_PERCENT [SEED [DUPLICATE_PERCENT]]]
 *
 * Each page follows from SEED and its number alone, so all of it can be checked later without a second copy.
 * COMPRESSIBLE_PERCENT of a page are zero bytes, the rest is noise; DUPLICATE_PERCENT of the pages are equal, and
 * the region is then offered to KSM. One line per event on standard output:
 *   filled pid=P pages=N sum=HEX seconds=S
 *   intact pages=N sum=HEX seconds=S            after SIGUSR1, which reads everything back
 *   damaged pages=N sum=HEX seconds=S bad=N
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096, WORDS = PAGE / 8, PAGES_PER_MIB = 256 };

struct pattern {
	uint64_t seed;
	unsigned zero_words, duplicate_percent;
};

static void make_page(uint64_t *words, const struct pattern *pattern, uint64_t number)
{
	if (number % 100 < pattern->duplicate_percent)
		number = 0;
	uint64_t noise = (pattern->seed + 1) * 0x9E3779B97F4A7C15u ^ (number + 1) * 0xBF58476D1CE4E5B9u;
	memset(words, 0, pattern->zero_words * sizeof *words);
	for (unsigned i = pattern->zero_words; i < WORDS; i++) {
		noise ^= noise << 13;
		noise ^= noise >> 7;
		noise ^= noise << 17;
		words[i] = noise;
	}
	words[0] = number + 1; /* never a page of zeros: the kernel keeps those for nothing */
}

static uint64_t add_page(uint64_t sum, const uint64_t *words)
{
	for (unsigned i = 0; i < WORDS; i++)
		sum = (sum ^ words[i]) * 0x100000001B3u;
	return sum;
}

static double seconds_since(const struct timespec *start)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - start->tv_sec) + (double)(now.tv_nsec - start->tv_nsec) / 1e9;
}

static unsigned long argument(int argc, char **argv, int index, unsigned long otherwise)
{
	return argc > index ? strtoul(argv[index], NULL, 10) : otherwise;
}

int main(int argc, char **argv)
{
	const uint64_t pages = argument(argc, argv, 1, 0) * PAGES_PER_MIB;
	const unsigned long compressible = argument(argc, argv, 2, 60);
	const struct pattern pattern = {
		.seed = argument(argc, argv, 3, 1),
		.zero_words = WORDS * compressible / 100,
		.duplicate_percent = argument(argc, argv, 4, 0),
	};
	if (pages == 0 || compressible > 100 || pattern.duplicate_percent > 100) {
		fputs("usage: hog MIB [COMPRESSIBLE_PERCENT [SEED [DUPLICATE_PERCENT]]]\n", stderr);
		return 2;
	}

	/* Taken with sigwait: a signal that comes early waits for its turn. */
	sigset_t verify;
	sigemptyset(&verify);
	sigaddset(&verify, SIGUSR1);
	sigprocmask(SIG_BLOCK, &verify, NULL);
	setvbuf(stdout, NULL, _IOLBF, 0);

	uint64_t *memory = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED) {
		perror("hog: mmap");
		return 1;
	}
	madvise(memory, pages * PAGE, MADV_NOHUGEPAGE);
	if (pattern.duplicate_percent > 0)
		madvise(memory, pages * PAGE, MADV_MERGEABLE);

	static uint64_t page[WORDS];
	const uint64_t sum_of_nothing = 0xCBF29CE484222325u;
	struct timespec start;
	clock_gettime(CLOCK_MONOTONIC, &start);
	uint64_t sum = sum_of_nothing;
	for (uint64_t i = 0; i < pages; i++) {
		make_page(memory + i * WORDS, &pattern, i);
		sum = add_page(sum, memory + i * WORDS);
	}
	printf("filled pid=%d pages=%lu sum=%016lx seconds=%.1f\n", getpid(), pages, sum, seconds_since(&start));

	for (int number; sigwait(&verify, &number) == 0;) {
		uint64_t bad = 0;
		sum = sum_of_nothing;
		clock_gettime(CLOCK_MONOTONIC, &start);
		for (uint64_t i = 0; i < pages; i++) {
			make_page(page, &pattern, i);
			bad += memcmp(memory + i * WORDS, page, PAGE) != 0;
			sum = add_page(sum, memory + i * WORDS);
		}
		printf("%s pages=%lu sum=%016lx seconds=%.1f bad=%lu\n", bad ? "damaged" : "intact", pages, sum,
		       seconds_since(&start), bad);
	}
	return 1;
}
