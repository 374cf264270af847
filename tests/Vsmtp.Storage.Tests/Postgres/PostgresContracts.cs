using Vsmtp.Storage.Tests.Contract;

namespace Vsmtp.Storage.Tests.Postgres;

public sealed class PostgresMailStateTests() : MailStateContract(new PostgresUnderTest());

public sealed class PostgresOtherStateTests() : OtherStateContract(new PostgresUnderTest());

public sealed class PostgresContentTests() : ContentContract(new PostgresUnderTest());

public sealed class PostgresWakeUpTests() : WakeUpContract(new PostgresUnderTest());

public sealed class PostgresQueryTests() : QueryContract(new PostgresUnderTest());

public sealed class PostgresCounterTests() : CounterContract(new PostgresUnderTest());

public sealed class PostgresRetentionTests() : RetentionContract(new PostgresUnderTest());

public sealed class PostgresConcurrencyTests() : ConcurrencyContract(new PostgresUnderTest());
