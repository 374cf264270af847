using Vsmtp.Storage.Tests.Contract;

namespace Vsmtp.Storage.Tests.Sqlite;

public sealed class SqliteMailStateTests() : MailStateContract(new SqliteUnderTest());

public sealed class SqliteOtherStateTests() : OtherStateContract(new SqliteUnderTest());
