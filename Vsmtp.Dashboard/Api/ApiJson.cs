using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vsmtp.Dashboard.Api;

/// <summary>How the local API's types are written.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(ImmutableArray<ApiMail>))]
[JsonSerializable(typeof(ApiMailDetails))]
[JsonSerializable(typeof(ApiAnswer))]
[JsonSerializable(typeof(ApiDiff))]
[JsonSerializable(typeof(ImmutableArray<ApiRuleSet>))]
[JsonSerializable(typeof(ApiMovedPage))]
[JsonSerializable(typeof(ImmutableSortedDictionary<string, long>))]
public sealed partial class ApiJson : JsonSerializerContext;
