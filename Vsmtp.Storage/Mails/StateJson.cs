using System.Text.Json.Serialization;
using Vsmtp.Contracts.Mail;

namespace Vsmtp.Storage.Mails;

/// <summary>What is kept as JSON, by generated code, the same text in both builds. Use it by <see cref="StoredJson"/>.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MailState))]
[JsonSerializable(typeof(IEnumerable<string>))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(SortedDictionary<string, string>))]
internal sealed partial class StateJson : JsonSerializerContext;
