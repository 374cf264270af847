using Vsmtp.Storage.Tests.Contract;

namespace Vsmtp.Storage.Tests.Sqlite;

public sealed class SqliteMailStateTests() : MailStateContract(new SqliteUnderTest());

public sealed class SqliteOtherStateTests() : OtherStateContract(new SqliteUnderTest());

public sealed class SqliteContentTests() : ContentContract(new SqliteUnderTest());

public sealed class SqliteReturnedContentTests() : ReturnedContentContract(new SqliteUnderTest());

public sealed class SqliteWakeUpTests() : WakeUpContract(new SqliteUnderTest());

public sealed class SqliteAcceptanceTests() : AcceptanceContract(new SqliteUnderTest());

public sealed class SqliteQueryTests() : QueryContract(new SqliteUnderTest());

public sealed class SqliteCounterTests() : CounterContract(new SqliteUnderTest());

public sealed class SqliteRetentionTests() : RetentionContract(new SqliteUnderTest());

public sealed class SqliteConcurrencyTests() : ConcurrencyContract(new SqliteUnderTest());

public sealed class SqliteRuleSetTests() : RuleSetContract(new SqliteUnderTest());
