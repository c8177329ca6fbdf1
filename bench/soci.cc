// SOCI as its manual shows it: statements prepared once, values bound to variables, a struct of std::string per row.
// The same table, the same journal mode, the same transaction.
#include "side.h"

// Debian builds SOCI with Boost, whose headers only the exchange of Boost's own types needs.
#include <soci/soci-config.h>
#undef SOCI_HAVE_BOOST
#undef SOCI_HAVE_BOOST_DATE_TIME
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace
{

struct row {
	long long id = 0;
	std::string name, email;
	std::optional<std::string> bio;
	int role = 0;
	long long cents = 0;
	int score = 0;
	unsigned char token[16] = {};
	long long created_at = 0;
	bool is_active = false;
};

const char columns[] =
	"SELECT id, name, email, bio, role, balance, score, token, created_at, is_active FROM users";

// The variables that a statement is bound to, with the statement.
struct bound {
	explicit bound(soci::session &sql) : token(sql), statement(sql)
	{
	}

	long long key = 0, id = 0, limit = 10;
	std::string text, name, email, bio, role;
	soci::indicator has_bio = soci::i_ok;
	long long cents = 0;
	int score = 0;
	soci::blob token;
	long long created_at = 0;
	int is_active = 0;
	soci::statement statement;

	void reads()
	{
		statement.exchange(soci::into(id));
		statement.exchange(soci::into(name));
		statement.exchange(soci::into(email));
		statement.exchange(soci::into(bio, has_bio));
		statement.exchange(soci::into(role));
		statement.exchange(soci::into(cents));
		statement.exchange(soci::into(score));
		statement.exchange(soci::into(token));
		statement.exchange(soci::into(created_at));
		statement.exchange(soci::into(is_active));
	}

	void writes()
	{
		statement.exchange(soci::use(name));
		statement.exchange(soci::use(email));
		statement.exchange(soci::use(bio, has_bio));
		statement.exchange(soci::use(role));
		statement.exchange(soci::use(cents));
		statement.exchange(soci::use(score));
		statement.exchange(soci::use(token));
		statement.exchange(soci::use(created_at));
		statement.exchange(soci::use(is_active));
	}

	void prepare(const std::string &sql)
	{
		statement.alloc();
		statement.prepare(sql);
		statement.define_and_bind();
	}

	row take()
	{
		row out;

		out.id = id;
		out.name = name;
		out.email = email;
		if (has_bio == soci::i_ok)
			out.bio = bio;
		out.role = role == "member" ? 1 : 2;
		out.cents = cents;
		out.score = score;
		token.read(0, reinterpret_cast<char *>(out.token), sizeof out.token);
		out.created_at = created_at;
		out.is_active = is_active != 0;
		return out;
	}

	void give(const row &from)
	{
		name = from.name;
		email = from.email;
		has_bio = from.bio ? soci::i_ok : soci::i_null;
		if (from.bio)
			bio = *from.bio;
		role = from.role == 1 ? "member" : "admin";
		cents = from.cents;
		score = from.score;
		token.write(0, reinterpret_cast<const char *>(from.token), sizeof from.token);
		created_at = from.created_at;
		is_active = from.is_active;
	}
};

struct connection {
	soci::session sql;
	std::unique_ptr<soci::transaction> transaction;
	std::unique_ptr<bound> find, find_text, list, query, insert, upsert, update, find_id;
};

std::unique_ptr<connection> open_one;
std::vector<row> staged;

std::unique_ptr<bound> make(soci::session &sql)
{
	return std::unique_ptr<bound>(new bound(sql));
}

bool soci_open(const char *path, bench_mode mode)
try {
	open_one.reset(new connection);
	connection &c = *open_one;

	c.sql.open(soci::sqlite3, std::string("db=") + path);
	c.sql << "PRAGMA journal_mode=wal";
	c.sql << "PRAGMA synchronous=normal";
	c.sql << "PRAGMA foreign_keys=on";
	if (mode != BENCH_ALONE)
		c.transaction.reset(new soci::transaction(c.sql));

	c.find = make(c.sql);
	c.find->reads();
	c.find->statement.exchange(soci::use(c.find->key));
	c.find->prepare(std::string(columns) + " WHERE id = :id");

	c.find_text = make(c.sql);
	c.find_text->reads();
	c.find_text->statement.exchange(soci::use(c.find_text->text));
	c.find_text->prepare(std::string(columns) + " WHERE email = :email");

	c.list = make(c.sql);
	c.list->reads();
	c.list->prepare(columns);

	c.query = make(c.sql);
	c.query->reads();
	c.query->statement.exchange(soci::use(c.query->key));
	c.query->statement.exchange(soci::use(c.query->text));
	c.query->statement.exchange(soci::use(c.query->limit));
	c.query->prepare(std::string(columns) + " WHERE id >= :id AND role = :role ORDER BY id LIMIT :n");
	c.query->text = "member";

	const std::string insert =
		"INSERT INTO users (name, email, bio, role, balance, score, token, created_at, is_active) "
		"VALUES (:name, :email, :bio, :role, :balance, :score, :token, :created_at, :is_active)";

	c.insert = make(c.sql);
	c.insert->writes();
	c.insert->prepare(insert);

	c.upsert = make(c.sql);
	c.upsert->writes();
	c.upsert->prepare(
		insert + " ON CONFLICT (email) DO UPDATE SET bio = excluded.bio, score = excluded.score");

	c.find_id = make(c.sql);
	c.find_id->statement.exchange(soci::into(c.find_id->id));
	c.find_id->statement.exchange(soci::use(c.find_id->text));
	c.find_id->prepare("SELECT id FROM users WHERE email = :email");

	c.update = make(c.sql);
	c.update->statement.exchange(soci::use(c.update->bio, c.update->has_bio));
	c.update->statement.exchange(soci::use(c.update->score));
	c.update->statement.exchange(soci::use(c.update->key));
	c.update->prepare("UPDATE users SET bio = :bio, score = :score WHERE id = :id");
	return true;
} catch (const std::exception &error) {
	std::fprintf(stderr, "bench: soci: %s\n", error.what());
	return false;
}

void soci_close()
{
	connection &c = *open_one;

	c.find.reset();
	c.find_text.reset();
	c.list.reset();
	c.query.reset();
	c.insert.reset();
	c.upsert.reset();
	c.find_id.reset();
	c.update.reset();
	if (c.transaction)
		c.transaction->commit();
	open_one.reset();
}

void soci_stage(const sample *rows, int count)
{
	staged.assign(static_cast<size_t>(count), row());
	for (int i = 0; i < count; i++) {
		row &to = staged[static_cast<size_t>(i)];

		to.name = rows[i].name;
		to.email = rows[i].email;
		if (rows[i].has_bio)
			to.bio = rows[i].bio;
		to.role = rows[i].role;
		to.cents = rows[i].cents;
		to.score = rows[i].score;
		std::memcpy(to.token, rows[i].token, sizeof to.token);
		to.created_at = rows[i].created_at;
		to.is_active = rows[i].is_active;
	}
}

uint64_t sum_of(const row &from)
{
	const seen all = { from.id, from.name.c_str(), from.email.c_str(),
		from.bio ? from.bio->c_str() : nullptr, from.role, from.cents, from.score, from.token,
		from.created_at, from.is_active };

	return sums_all ? sum_row(&all)
			: static_cast<uint64_t>(from.id) ^ static_cast<uint64_t>(from.cents) ^
				  static_cast<unsigned char>(from.email[2]);
}

// An exception becomes the 0 that stands for failure.
template <typename Work> uint64_t attempt(Work work)
try {
	return work();
} catch (const std::exception &error) {
	std::fprintf(stderr, "bench: soci: %s\n", error.what());
	return 0;
}

uint64_t find_row(bound &with)
{
	return with.statement.execute(true) ? sum_of(with.take()) : 0;
}

uint64_t soci_find(int64_t id)
{
	return attempt([&] {
		open_one->find->key = id;
		return find_row(*open_one->find);
	});
}

uint64_t soci_find_session(int64_t id)
{
	return attempt([&] {
		soci::transaction one(open_one->sql);
		uint64_t sum = soci_find(id);

		one.commit();
		return sum;
	});
}

uint64_t soci_find_text(const char *email)
{
	return attempt([&] {
		open_one->find_text->text = email;
		return find_row(*open_one->find_text);
	});
}

uint64_t read_all(bound &with)
{
	std::vector<row> rows;
	uint64_t sum = 1;

	with.statement.execute();
	while (with.statement.fetch())
		rows.push_back(with.take());
	for (const row &each : rows)
		sum += sum_of(each);
	return sum;
}

uint64_t soci_list()
{
	return attempt([] { return read_all(*open_one->list); });
}

uint64_t soci_query(int64_t first)
{
	return attempt([&] {
		open_one->query->key = first;
		return read_all(*open_one->query);
	});
}

uint64_t soci_insert(int number)
{
	return attempt([&] {
		long long id = 0;

		open_one->insert->give(staged[static_cast<size_t>(number)]);
		open_one->insert->statement.execute(true);
		open_one->sql.get_last_insert_id("users", id);
		return static_cast<uint64_t>(id);
	});
}

uint64_t soci_insert_many(int first, int count)
{
	uint64_t sum = 0;

	for (int i = first; i < first + count; i++) {
		uint64_t id = soci_insert(i);

		if (id == 0)
			return 0;
		sum += id;
	}
	return sum;
}

uint64_t soci_upsert(int number)
{
	return attempt([&] {
		bound &find = *open_one->find_id;
		const row &from = staged[static_cast<size_t>(number)];

		open_one->upsert->give(from);
		open_one->upsert->statement.execute(true);
		find.text = from.email;
		return find.statement.execute(true) ? static_cast<uint64_t>(find.id) : 0;
	});
}

uint64_t soci_update(int64_t id, int number)
{
	return attempt([&] {
		bound &update = *open_one->update;
		const row &from = staged[static_cast<size_t>(number)];

		update.key = id;
		update.has_bio = from.bio ? soci::i_ok : soci::i_null;
		if (from.bio)
			update.bio = *from.bio;
		update.score = from.score;
		update.statement.execute(true);
		return static_cast<uint64_t>(update.statement.get_affected_rows());
	});
}

} // namespace

extern "C" const side soci_side = { "soci", soci_open, soci_close, soci_stage, soci_insert, soci_insert_many,
	nullptr, soci_upsert, soci_update, soci_find, soci_find_session, soci_find, soci_find_text,
	soci_query, nullptr, soci_list, nullptr, nullptr, nullptr, nullptr };
