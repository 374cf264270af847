using Vsmtp.Storage.Postgres;
using Vsmtp.Storage.Tests.Contract;

namespace Vsmtp.Storage.Tests.Postgres;

public sealed class PostgresMailStateTests() : MailStateContract(new PostgresUnderTest());

public sealed class PostgresOtherStateTests() : OtherStateContract(new PostgresUnderTest());

public sealed class PostgresContentTests() : ContentContract(new PostgresUnderTest());

public sealed class PostgresReturnedContentTests() : ReturnedContentContract(new PostgresUnderTest());

public sealed class PostgresWakeUpTests() : WakeUpContract(new PostgresUnderTest());

public sealed class PostgresAcceptanceTests() : AcceptanceContract(new PostgresUnderTest());

public sealed class PostgresQueryTests() : QueryContract(new PostgresUnderTest());

public sealed class PostgresCounterTests() : CounterContract(new PostgresUnderTest());

public sealed class PostgresRetentionTests() : RetentionContract(new PostgresUnderTest());

public sealed class PostgresConcurrencyTests() : ConcurrencyContract(new PostgresUnderTest());

public sealed class SharedPostgresMailStateTests() : MailStateContract(new PostgresUnderTest(ClaimMode.Shared));

public sealed class SharedPostgresContentTests() : ContentContract(new PostgresUnderTest(ClaimMode.Shared));

public sealed class SharedPostgresReturnedContentTests() : ReturnedContentContract(new PostgresUnderTest(ClaimMode.Shared));

public sealed class SharedPostgresWakeUpTests() : WakeUpContract(new PostgresUnderTest(ClaimMode.Shared));

public sealed class SharedPostgresCounterTests() : CounterContract(new PostgresUnderTest(ClaimMode.Shared));

public sealed class SharedPostgresRetentionTests() : RetentionContract(new PostgresUnderTest(ClaimMode.Shared));

public sealed class PostgresRuleSetTests() : RuleSetContract(new PostgresUnderTest());
